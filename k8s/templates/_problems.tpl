{{/* What is wrong between values, which a schema cannot say: all of it in one message, before anything is rendered. */}}

{{- define "domainflow.requireValues" -}}
{{- $problems := concat (include "domainflow.storeProblems" . | fromYamlArray) (include "domainflow.gatewayProblems" . | fromYamlArray) (include "domainflow.networkProblems" . | fromYamlArray) }}
{{- with include "domainflow.connectionProblem" . }}
{{- $problems = append $problems . }}
{{- end }}
{{- if $problems }}
{{- fail (printf "\n\nThe values are not complete:\n  - %s\n" (join "\n  - " $problems)) }}
{{- end }}
{{- end }}

{{/* Takes root; answers a YAML list of sentences. */}}
{{- define "domainflow.storeProblems" -}}
{{- $values := .Values }}
{{- $problems := list }}
{{- $arns := 0 }}
{{- range $login, $of := $values.database.logins }}
{{- if $of.secretArn }}{{- $arns = add1 $arns }}{{- end }}
{{- end }}
{{- if and (not (include "domainflow.databaseHost" .)) (lt (int $arns) (len $values.database.logins)) }}
{{- $problems = append $problems "database.host is required: the name or address of PostgreSQL (or each of database.logins needs a secretArn whose secret says it, or trial.postgresql.enabled)" }}
{{- end }}
{{- if and (eq $values.database.sslMode "verify-ca") (not $values.database.ca.name) }}
{{- $problems = append $problems "database.ca.name is required with database.sslMode verify-ca: any public authority would do otherwise" }}
{{- end }}
{{- if not $values.objects.bucket }}
{{- $problems = append $problems "objects.bucket is required: the bucket of S3, or of a store that speaks its API, for images" }}
{{- end }}
{{- if and (hasPrefix "http:" (include "domainflow.objectsEndpoint" .)) (not $values.objects.accessKey.name) }}
{{- $problems = append $problems "objects.accessKey.name is required with an http: endpoint of objects: the Secret that holds an access key of the store" }}
{{- end }}
{{- if and $values.trial.minio.enabled (not $values.objects.publicEndpoint) }}
{{- $problems = append $problems "objects.publicEndpoint is required with trial.minio.enabled: scheme, host and port by which clients reach it, such as http://localhost:9000" }}
{{- end }}
{{- toYaml $problems }}
{{- end }}

{{- define "domainflow.gatewayProblems" -}}
{{- $auth := .Values.auth }}
{{- $gateway := .Values.gateway }}
{{- $problems := list }}
{{- if and (not $auth.issuer) (not $auth.devIssuer.enabled) }}
{{- $problems = append $problems "auth.issuer is required: the URL of an OIDC issuer (or auth.devIssuer.enabled for a trial)" }}
{{- end }}
{{- if and $auth.issuer (not $auth.audience) }}
{{- $problems = append $problems "auth.audience is required with auth.issuer: what its tokens name in aud or client_id" }}
{{- end }}
{{- if and $auth.devIssuer.enabled (or $gateway.autoscaling.enabled (gt (int $gateway.replicas) 1)) }}
{{- $problems = append $problems "auth.devIssuer.enabled needs gateway.replicas 1 without gateway.autoscaling: each gateway would accept only tokens of its own" }}
{{- end }}
{{- range $name, $facts := include "domainflow.processes" . | fromYaml }}
{{- $own := include "domainflow.own" (dict "root" $ "name" $name) | fromYaml }}
{{- if and $own.autoscaling.enabled (gt (int $own.autoscaling.minReplicas) (int $own.autoscaling.maxReplicas)) }}
{{- $path := ternary "gateway" (printf "services.%s" $name) (eq $name "gateway") }}
{{- $problems = append $problems (printf "%s.autoscaling.minReplicas must not be more than maxReplicas" $path) }}
{{- end }}
{{- end }}
{{- toYaml $problems }}
{{- end }}

{{/* A place that a process needs and that no policy lets it reach would be found out by timeouts alone. */}}
{{- define "domainflow.networkProblems" -}}
{{- $problems := list }}
{{- if .Values.networkPolicy.enabled }}
{{- $policy := .Values.networkPolicy }}
{{- range $place := list "database" "aws" "documents" "objects" "issuer" "collector" "eventExport" }}
{{- if and (include "domainflow.placeNeeded" (dict "root" $ "place" $place)) (not (index $policy $place).to) }}
{{- $problems = append $problems (printf "networkPolicy.%s.to is required: peers that stand for %s (or networkPolicy.enabled false)" $place (include "domainflow.placeWords" $place)) }}
{{- end }}
{{- end }}
{{- end }}
{{- toYaml $problems }}
{{- end }}

{{- define "domainflow.placeWords" -}}
{{- get (dict "database" "PostgreSQL" "aws" "the endpoints of AWS" "documents" "the store at dynamodb.endpoint" "objects" "the store at objects.endpoint" "issuer" "the OIDC issuer" "collector" "the collector of spans" "eventExport" "the receiver of events") . }}
{{- end }}

{{/* Whether a place outside the release is needed by these values; empty for no. Takes root and place. */}}
{{- define "domainflow.placeNeeded" -}}
{{- $values := .root.Values }}
{{- $trial := $values.trial }}
{{- $usesArn := false }}
{{- range $login, $of := $values.database.logins }}
{{- if $of.secretArn }}{{- $usesArn = true }}{{- end }}
{{- end }}
{{- if eq .place "database" }}{{ if not $trial.postgresql.enabled }}true{{ end }}
{{- else if eq .place "aws" }}
{{- $documents := and (not $trial.dynamodb.enabled) (not $values.dynamodb.endpoint) }}
{{- $images := and (not $trial.minio.enabled) (not $values.objects.endpoint) }}
{{- if or $documents $images $usesArn }}true{{ end }}
{{- else if eq .place "documents" }}{{ if and $values.dynamodb.endpoint (not $trial.dynamodb.enabled) }}true{{ end }}
{{- else if eq .place "objects" }}{{ if and $values.objects.endpoint (not $trial.minio.enabled) }}true{{ end }}
{{- else if eq .place "issuer" }}{{ if $values.auth.issuer }}true{{ end }}
{{- else if eq .place "collector" }}{{ if and $values.telemetry.otlpEndpoint (not $trial.jaeger.enabled) }}true{{ end }}
{{- else if eq .place "eventExport" }}{{ if $values.services.orchestrator.settings.EVENT_EXPORT }}true{{ end }}
{{- end }}
{{- end }}
