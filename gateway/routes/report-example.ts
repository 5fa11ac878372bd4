// A report in the examples of the API description, and what goes with it. Examples of several operations tell of the same one.

const timestamp = '2026-03-01T10:00:00.000Z';
const jobId = 'job_019caa7d3e617b4f8f7e5a9d2c1b0a98';

/** A report in a list. */
export const reportRowExample = {
  incident_id: 'inc_019caa7d3e607b4f8f7e5a9d2c1b0a98',
  domain_id: 'civic_complaints',
  raw_text: 'A deep pothole at 350 Main Street, two cyclists fell this morning.',
  status: 'completed',
  created_at: timestamp,
  created_by_me: true,
};

const origin = {
  agent_id: 'builtin-ingestion-geo',
  agent_version: 1,
  execution_id: jobId,
  attempt: 1,
  runtime: 'builtin',
  confidence: 0.9,
};

/** A report. */
export const reportExample = {
  ...reportRowExample,
  tenant_id: 'b3f1c6a4-5d0e-5c55-9a64-1f0c5b1d2e3f',
  images: [],
  source: 'web',
  ingestion_data: {
    location_text: '350 Main Street',
    geo_location: { type: 'Point', coordinates: [-71.06, 42.36] },
    urgency: 'urgent',
    complaint_type: 'infrastructure',
  },
  management_data: {},
  provenance: { location_text: { ...origin, spans: [{ start: 18, end: 33 }] } },
  conflicts: [],
  confidence: 0.9,
  needs_clarification: false,
  clarification_questions: [],
  job_id: jobId,
  error: null,
  id: '019caa7d-3e60-7b4f-8f7e-5a9d2c1b0a98',
  updated_at: '2026-03-01T10:00:02.000Z',
  created_by: '019caa7d-0000-7b4f-8f7e-5a9d2c1b0a98',
};

/** What a submission of the report is answered. */
export const acceptedReportExample = {
  job_id: jobId,
  incident_id: reportRowExample.incident_id,
  status: 'accepted',
  message: 'The report was accepted and is being processed',
  timestamp,
};

/** The report as it was submitted. */
export const newReportExample = {
  domain_id: reportRowExample.domain_id,
  text: reportRowExample.raw_text,
  images: ['https://photos.example/pothole.jpg'],
};

/** Where its image can be put. */
export const imageUploadExample = {
  image_url: 'https://objects.example/uploads/b3f1c6a4/019caa7d.jpg',
  upload_url: 'https://objects.example/uploads/b3f1c6a4/019caa7d.jpg?X-Amz-Signature=5f0c',
  object_key: 'uploads/b3f1c6a4/019caa7d.jpg',
  expires_at: '2026-03-01T10:15:00.000Z',
};

/** How its history stands after its status was set. */
export const changedReportExample = {
  ...reportExample,
  status: 'assigned',
  management_data: {
    task_details: { assignee_id: 'roads' },
    history: [
      {
        status: 'assigned',
        timestamp: '2026-03-01T11:00:00.000Z',
        by: reportExample.created_by,
        action: 'update',
        patch_id: 'patch_019caa7d3e637b4f8f7e5a9d2c1b0a98',
      },
    ],
  },
  updated_at: '2026-03-01T11:00:00.000Z',
  patch_id: 'patch_019caa7d3e637b4f8f7e5a9d2c1b0a98',
};
