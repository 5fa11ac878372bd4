{{/*
The processes and what each of them is by its code: whom it calls (its settings *_TARGET), which stores it has, which key it signs with.
Deployments, Services, NetworkPolicies and the rest range over this table; a test holds it against the code.
`peers` marks the one whose replicas call each other: orchestrators bring commands to whoever holds a run, and read each other's feeds.
*/}}
{{- define "domainflow.processes" -}}
gateway:
  calls: [registry, reports, sessions, orchestrator]
  outside: [issuer]
  signs: GATEWAY_SIGNING_KEY
  signingSecret: gatewaySigningKey
registry:
  calls: []
  outside: [database]
  logins: [registry]
  replica: true
  pages: true
  listens: 1
reports:
  calls: []
  outside: [database, aws, documents, objects]
  logins: [reports]
  replica: true
  pages: true
  listens: 0
sessions:
  calls: []
  outside: [aws, documents]
  pages: true
agents:
  calls: [registry, reports]
  outside: [internet, aws, objects]
  signs: AGENTS_SIGNING_KEY
  signingSecret: agentsSigningKey
orchestrator:
  calls: [registry, reports, sessions, agents]
  outside: [database, eventExport]
  peers: true
  logins: [orchestrator, engine]
  pages: true
  listens: 6
  signs: RUN_SIGNING_KEY
  signingSecret: runSigningKey
{{- end }}

{{/* The values of one process, as YAML. Takes root and name. */}}
{{- define "domainflow.own" -}}
{{- if eq .name "gateway" }}{{ toYaml .root.Values.gateway }}{{ else }}{{ toYaml (index .root.Values.services .name) }}{{ end }}
{{- end }}

{{/* The port that a process serves its callers on: HTTP for the gateway, gRPC and Connect for the services. */}}
{{- define "domainflow.port" -}}
{{- if eq . "gateway" }}8080{{ else }}50051{{ end }}
{{- end }}

{{/* The most Pods that a process may have: its own number, or where it scales by load the greatest one. */}}
{{- define "domainflow.replicasMax" -}}
{{- if .autoscaling.enabled }}{{ .autoscaling.maxReplicas }}{{ else }}{{ .replicas }}{{ end }}
{{- end }}

{{/* Seconds from SIGTERM until a process has ended by itself: a start that is told to stop, its closing, and a margin for the machine. */}}
{{- define "domainflow.closeSeconds" -}}
{{- if eq . "gateway" }}40{{ else }}35{{ end }}
{{- end }}

{{/* Which login is given as an AWS secret: its ARN, or nothing. Takes root and login. */}}
{{- define "domainflow.loginArn" -}}
{{- (index .root.Values.database.logins .login).secretArn }}
{{- end }}

{{/* Where PostgreSQL is. */}}
{{- define "domainflow.databaseHost" -}}
{{- if .Values.trial.postgresql.enabled }}{{ include "domainflow.fullname" . }}-postgresql{{ else }}{{ .Values.database.host }}{{ end }}
{{- end }}

{{- define "domainflow.dynamodbEndpoint" -}}
{{- if .Values.trial.dynamodb.enabled }}http://{{ include "domainflow.fullname" . }}-dynamodb:8000{{ else }}{{ .Values.dynamodb.endpoint }}{{ end }}
{{- end }}

{{- define "domainflow.objectsEndpoint" -}}
{{- if .Values.trial.minio.enabled }}http://{{ include "domainflow.fullname" . }}-minio:9000{{ else }}{{ .Values.objects.endpoint }}{{ end }}
{{- end }}

{{- define "domainflow.collector" -}}
{{- if .Values.trial.jaeger.enabled }}http://{{ include "domainflow.fullname" . }}-jaeger:4318{{ else }}{{ .Values.telemetry.otlpEndpoint }}{{ end }}
{{- end }}

{{/* True where PostgreSQL or DynamoDB is part of the release: then the jobs that prepare stores cannot run before it is installed. */}}
{{- define "domainflow.jobsInRelease" -}}
{{- $trial := .Values.trial }}
{{- if or $trial.postgresql.enabled $trial.dynamodb.enabled $trial.minio.enabled }}true{{ end }}
{{- end }}
