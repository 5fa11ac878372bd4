// Targets and what they stand for.
import { describe, expect, it } from '@jest/globals';
import { createAddresses } from './addresses.ts';

describe('a target', () => {
  it('lists fixed addresses, each once', () => {
    const addresses = createAddresses('10.0.0.1:80, 10.0.0.2:80,10.0.0.1:80,[::1]:80');
    expect(addresses.current()).toEqual(['10.0.0.1:80', '10.0.0.2:80', '[::1]:80']);
    expect(addresses.current()).toBe(addresses.current());
  });

  it('names a service whose addresses are looked up', async () => {
    const addresses = createAddresses('dns:///localhost:1234');
    await addresses.ready();
    expect(addresses.current().length).toBeGreaterThan(0);
    for (const address of addresses.current()) expect(address).toMatch(/^(127\.0\.0\.1|\[::1\]):1234$/);
    addresses.close();
  });

  it('of a name that nobody knows has no addresses and does not fail', async () => {
    const addresses = createAddresses('dns:///no.such.name.invalid:1234');
    await addresses.ready();
    expect(addresses.current()).toEqual([]);
    addresses.refresh?.();
    addresses.close();
  });

  it('is refused when it is neither', () => {
    for (const target of ['', 'registry', 'http://registry:80', 'a:80,', 'dns:///registry'])
      expect(() => createAddresses(target)).toThrow('a target is');
  });
});
