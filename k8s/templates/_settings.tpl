{{/* Settings of processes as environment variables. deploy/README.md tells what each of them means. */}}

{{/* One setting whose value is in a Secret that exists. Takes setting and secret {name, key}. */}}
{{- define "domainflow.secretSetting" -}}
- name: {{ .setting }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret.name }}
      key: {{ .secret.key }}
{{- end }}

{{/* One setting with a value, unless the value is empty: an empty setting counts as absent. Takes setting and value. */}}
{{- define "domainflow.plainSetting" -}}
{{- $value := include "domainflow.settingText" .value }}
{{- if $value }}
- name: {{ .setting }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{/* The text of a value: numbers without an exponent, objects as JSON, lists separated by commas. */}}
{{- define "domainflow.settingText" -}}
{{- if kindIs "map" . }}{{ if . }}{{ toJson . }}{{ end }}
{{- else if kindIs "slice" . }}{{ join "," . }}
{{- else if kindIs "float64" . }}{{ int64 . }}
{{- else if kindIs "invalid" . }}
{{- else }}{{ toString . }}
{{- end }}
{{- end }}

{{/* What every process is told. Takes root, name and own. */}}
{{- define "domainflow.commonSettings" -}}
{{- $root := .root }}
{{- if eq .name "gateway" }}
{{- include "domainflow.plainSetting" (dict "setting" "HOST" "value" .own.listen) }}
{{- else }}
# The Pod's own address and not all of them: an orchestrator tells its replicas where it listens.
- name: HOST
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
{{- end }}
{{- include "domainflow.plainSetting" (dict "setting" "PORT" "value" (include "domainflow.port" .name)) }}
{{- include "domainflow.plainSetting" (dict "setting" "NODE_ENV" "value" (ternary "development" "production" $root.Values.auth.devIssuer.enabled)) }}
{{- include "domainflow.plainSetting" (dict "setting" "LOG_LEVEL" "value" $root.Values.telemetry.logLevel) }}
{{- with include "domainflow.collector" $root }}
{{- include "domainflow.plainSetting" (dict "setting" "OTEL_EXPORTER_OTLP_ENDPOINT" "value" .) }}
{{- include "domainflow.plainSetting" (dict "setting" "OTEL_EXPORTER_OTLP_PROTOCOL" "value" (ternary "http/protobuf" $root.Values.telemetry.otlpProtocol $root.Values.trial.jaeger.enabled)) }}
{{- include "domainflow.plainSetting" (dict "setting" "TRACE_SAMPLE_PERCENT" "value" (toString $root.Values.telemetry.tracePercent)) }}
{{- include "domainflow.plainSetting" (dict "setting" "TRACE_KEEP_ERRORS" "value" (toString $root.Values.telemetry.keepErrors)) }}
{{- end }}
{{- if $root.Values.telemetry.metricsPort }}
{{- include "domainflow.plainSetting" (dict "setting" "METRICS_PORT" "value" $root.Values.telemetry.metricsPort) }}
{{- end }}
{{- include "domainflow.plainSetting" (dict "setting" "BREAKERS" "value" $root.Values.breakers) }}
{{- end }}

{{/* Where the neighbours are. A headless Service answers with every ready Pod; clients spread their calls over all of them. Takes root and facts. */}}
{{- define "domainflow.targetSettings" -}}
{{- $root := .root }}
{{- range .facts.calls }}
{{- $target := printf "dns:///%s-%s:%s" (include "domainflow.fullname" $root) . (include "domainflow.port" .) }}
{{- include "domainflow.plainSetting" (dict "setting" (printf "%s_TARGET" (upper .)) "value" $target) }}
{{- end }}
{{- end }}

{{/*
What a process reads from files of Secrets: keys by which processes know each other, what signs cursors, and what else is secret and has a
setting for a file. Takes root, name, facts and own; answers a YAML list `files` of {setting, name, key, path}.
*/}}
{{- define "domainflow.settingFiles" -}}
{{- $secrets := .root.Values.secrets }}
{{- $given := dict }}
{{- if ne .name "gateway" }}{{ $_ := set $given "MESH_KEYS_FILE" $secrets.meshKeys }}{{ end }}
{{- if .facts.signs }}{{ $_ := set $given (printf "%s_FILE" .facts.signs) (index $secrets .facts.signingSecret) }}{{ end }}
{{- if .facts.pages }}{{ $_ := set $given "PAGE_TOKEN_KEY_FILE" $secrets.pageTokenKey }}{{ end }}
{{- if eq .name "registry" }}{{ $_ := set $given "CREDENTIALS_KEYS_FILE" $secrets.credentialsKeys }}{{ end }}
{{- if eq .name "reports" }}{{ $given = merge $given (include "domainflow.objectFiles" .root | fromYaml) }}{{ end }}
{{- with .root.Values.telemetry.otlpHeaders }}
{{- if .name }}{{ $_ := set $given "OTEL_EXPORTER_OTLP_HEADERS_FILE" . }}{{ end }}
{{- end }}
{{- with .root.Values.telemetry.otlpCa }}
{{- if .name }}{{ $_ := set $given "OTEL_EXPORTER_OTLP_CERTIFICATE" . }}{{ end }}
{{- end }}
{{- $given = merge $given (default dict .own.secretFiles) }}
{{- include "domainflow.fileList" $given }}
{{- end }}

{{/* The key of the object store by setting; nothing where the Pod's own identity is used. Takes root. */}}
{{- define "domainflow.objectFiles" -}}
{{- with .Values.objects.accessKey }}
{{- if .name }}
OBJECTS_SECRET_ACCESS_KEY_FILE:
  name: {{ .name }}
  key: {{ .secretKey }}
{{- end }}
{{- end }}
{{- end }}

{{/* Takes settings to {name, key}; answers a YAML list `files` of {setting, name, key, path}. */}}
{{- define "domainflow.fileList" -}}
{{- $files := list }}
{{- range $setting, $secret := . }}
{{- $files = append $files (dict "setting" $setting "name" $secret.name "key" $secret.key "path" (printf "settings/%s" $setting)) }}
{{- end }}
{{- toYaml (dict "files" $files) }}
{{- end }}

{{/* The settings that name these files. */}}
{{- define "domainflow.fileSettings" -}}
{{- range . }}
{{- include "domainflow.plainSetting" (dict "setting" .setting "value" (printf "%s/%s" (include "domainflow.filesPath" nil) .path)) }}
{{- end }}
{{- end }}

{{/* Where DynamoDB is and what its tables are called. Takes root and name; create-stores is told all of it. */}}
{{- define "domainflow.documentSettings" -}}
{{- $tables := .root.Values.dynamodb.tables }}
{{- include "domainflow.plainSetting" (dict "setting" "AWS_REGION" "value" .root.Values.aws.region) }}
{{- include "domainflow.plainSetting" (dict "setting" "DYNAMODB_ENDPOINT" "value" (include "domainflow.dynamodbEndpoint" .root)) }}
{{- include "domainflow.plainSetting" (dict "setting" "TENANT_WRITE_SHARDS" "value" .root.Values.dynamodb.tenantWriteShards) }}
{{- if ne .name "sessions" }}
{{- include "domainflow.plainSetting" (dict "setting" "REPORTS_TABLE" "value" $tables.reports) }}
{{- include "domainflow.plainSetting" (dict "setting" "PATCHES_TABLE" "value" $tables.patches) }}
{{- end }}
{{- if ne .name "reports" }}
{{- include "domainflow.plainSetting" (dict "setting" "SESSIONS_TABLE" "value" $tables.sessions) }}
{{- include "domainflow.plainSetting" (dict "setting" "MESSAGES_TABLE" "value" $tables.messages) }}
{{- include "domainflow.plainSetting" (dict "setting" "QUERY_JOBS_TABLE" "value" $tables.queryJobs) }}
{{- end }}
{{- end }}

{{/* Where images are. Takes root. */}}
{{- define "domainflow.objectSettings" -}}
{{- $objects := .Values.objects }}
{{- include "domainflow.plainSetting" (dict "setting" "OBJECTS_BUCKET" "value" $objects.bucket) }}
{{- include "domainflow.plainSetting" (dict "setting" "OBJECTS_ENDPOINT" "value" (include "domainflow.objectsEndpoint" .)) }}
{{- include "domainflow.plainSetting" (dict "setting" "OBJECTS_PUBLIC_ENDPOINT" "value" $objects.publicEndpoint) }}
{{- if $objects.accessKey.name }}
{{- $id := dict "name" $objects.accessKey.name "key" $objects.accessKey.idKey }}
{{ include "domainflow.secretSetting" (dict "setting" "OBJECTS_ACCESS_KEY_ID" "secret" $id) }}
{{- end }}
{{- end }}

{{/* Who may come in. Takes root. */}}
{{- define "domainflow.authSettings" -}}
{{- $auth := .Values.auth }}
{{- if $auth.devIssuer.enabled }}
{{- include "domainflow.plainSetting" (dict "setting" "AUTH_DEV_ISSUER" "value" "/tmp/dev-issuer/key.json") }}
{{- end }}
{{- include "domainflow.plainSetting" (dict "setting" "AUTH_ISSUER" "value" $auth.issuer) }}
{{- include "domainflow.plainSetting" (dict "setting" "AUTH_AUDIENCE" "value" $auth.audience) }}
{{- include "domainflow.plainSetting" (dict "setting" "JWT_ALGORITHMS" "value" $auth.algorithms) }}
{{- include "domainflow.plainSetting" (dict "setting" "AUTH_TENANT_CLAIM" "value" $auth.tenantClaim) }}
{{- include "domainflow.plainSetting" (dict "setting" "AUTH_USERNAME_CLAIM" "value" $auth.usernameClaim) }}
{{- include "domainflow.plainSetting" (dict "setting" "AUTH_ROLES_CLAIM" "value" $auth.rolesClaim) }}
{{- include "domainflow.plainSetting" (dict "setting" "AUTH_DEFAULT_ROLE" "value" $auth.defaultRole) }}
{{- include "domainflow.plainSetting" (dict "setting" "TENANT_AUTOCREATE" "value" (toString $auth.tenantAutocreate)) }}
{{- end }}

{{/* All settings of a process. Takes root, name, facts and own. */}}
{{- define "domainflow.settings" -}}
{{- include "domainflow.commonSettings" . }}
{{- include "domainflow.targetSettings" . }}
{{- include "domainflow.fileSettings" (include "domainflow.settingFiles" . | fromYaml).files }}
{{- include "domainflow.databaseSettings" . }}
{{- if has .name (list "reports" "sessions") }}
{{- include "domainflow.documentSettings" . }}
{{- end }}
{{- if eq .name "reports" }}
{{- include "domainflow.objectSettings" .root }}
{{- end }}
{{- if eq .name "agents" }}
{{- include "domainflow.plainSetting" (dict "setting" "AWS_REGION" "value" .root.Values.aws.region) }}
{{- end }}
{{- if has .name (list "registry" "agents" "orchestrator") }}
{{- include "domainflow.plainSetting" (dict "setting" "WORKER_NETWORKS" "value" .root.Values.workerNetworks) }}
{{- end }}
{{- if eq .name "orchestrator" }}
- name: REPLICA_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- end }}
{{- if eq .name "gateway" }}
{{- if .own.workerGate.enabled }}
{{- include "domainflow.plainSetting" (dict "setting" "GRPC_PORT" "value" "50052") }}
{{- end }}
{{- include "domainflow.plainSetting" (dict "setting" "CORS_ORIGINS" "value" .root.Values.corsOrigins) }}
{{- include "domainflow.authSettings" .root }}
{{- end }}
{{- range $setting, $value := .own.settings }}
{{- include "domainflow.plainSetting" (dict "setting" $setting "value" $value) }}
{{- end }}
{{- range $setting, $secret := .own.secretSettings }}
{{ include "domainflow.secretSetting" (dict "setting" $setting "secret" $secret) }}
{{- end }}
{{- end }}
