// What the calls that take images in are made of.
import type { ImageSite } from '../core/image-address.ts';
import type { ObjectStore } from '../store/store.ts';

/** The store of images and where it is for clients. */
export interface ImageParts {
  readonly objects: ObjectStore;
  readonly site: ImageSite;
}
