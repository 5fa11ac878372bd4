{{/*
The jobs that prepare stores. They run before a version is installed or upgraded, as hooks; where a store is part of the release itself, they
run beside it as ordinary jobs, one for each revision, since before there would be nothing to prepare.
*/}}

{{/* Annotations of what belongs to a hook. Takes root and weight. */}}
{{- define "domainflow.hookAnnotations" -}}
{{- if not (include "domainflow.jobsInRelease" .root) }}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ .weight | quote }}
helm.sh/hook-delete-policy: before-hook-creation
{{- end }}
{{- end }}

{{/* Name of a job: a hook is replaced, an ordinary job cannot be changed and has a name for each revision. Takes root and name. */}}
{{- define "domainflow.jobName" -}}
{{ include "domainflow.fullname" .root }}-{{ .name }}{{ if include "domainflow.jobsInRelease" .root }}-{{ .root.Release.Revision }}{{ end }}
{{- end }}

{{/* One job with its identity and what it may reach. Takes root, name, own (its values), args, env (text), files and places; image and command
where they are others than those of the processes. */}}
{{- define "domainflow.job" -}}
{{- $root := .root }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "domainflow.fullname" $root }}-{{ .name }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "domainflow.labels" . | nindent 4 }}
  {{- with merge (include "domainflow.hookAnnotations" (dict "root" $root "weight" -10) | fromYaml) .own.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- if $root.Values.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "domainflow.fullname" $root }}-{{ .name }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "domainflow.labels" . | nindent 4 }}
  {{- with include "domainflow.hookAnnotations" (dict "root" $root "weight" -10) }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
spec:
  podSelector:
    matchLabels:
      {{- include "domainflow.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress: []
  egress:
    {{- include "domainflow.dnsRule" $root | nindent 4 }}
    {{- range .places }}
    {{- include "domainflow.outsideRules" (dict "root" $root "place" .) | nindent 4 }}
    {{- end }}
{{- end }}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "domainflow.jobName" . }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "domainflow.labels" . | nindent 4 }}
  {{- with include "domainflow.hookAnnotations" (dict "root" $root "weight" 0) }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
spec:
  # db-init gives up by itself after 600 s.
  activeDeadlineSeconds: 900
  # A store may come up later than the job.
  backoffLimit: 10
  ttlSecondsAfterFinished: {{ $root.Values.jobs.keepSeconds }}
  template:
    metadata:
      labels:
        {{- include "domainflow.podLabels" . | nindent 8 }}
    spec:
      serviceAccountName: {{ include "domainflow.fullname" $root }}-{{ .name }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      restartPolicy: OnFailure
      {{- include "domainflow.pullSecrets" $root | nindent 6 }}
      securityContext:
        {{- include "domainflow.podSecurity" $root | nindent 8 }}
      {{- include "domainflow.placement" $root | nindent 6 }}
      containers:
        - name: {{ .name }}
          image: {{ default (include "domainflow.image" $root) .image | quote }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          {{- with .command }}
          command:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          args:
            {{- toYaml .args | nindent 12 }}
          env:
            {{- .env | trim | nindent 12 }}
          resources:
            {{- toYaml $root.Values.jobs.resources | nindent 12 }}
          securityContext:
            {{- include "domainflow.containerSecurity" $root | nindent 12 }}
          volumeMounts:
            {{- include "domainflow.scratchMount" $root | nindent 12 }}
            {{- include "domainflow.filesMount" .files | nindent 12 }}
      volumes:
        {{- include "domainflow.scratchVolume" $root | nindent 8 }}
        {{- include "domainflow.filesVolume" .files | nindent 8 }}
{{- end }}

{{/* Settings of db-init: the administrator's login, and the password that each role is given. Takes root. */}}
{{- define "domainflow.dbInitSettings" -}}
{{- $root := . }}
{{- include "domainflow.plainSetting" (dict "setting" "NODE_ENV" "value" "production") }}
{{- include "domainflow.databasePlace" . }}
{{- include "domainflow.login" (dict "root" . "login" "admin" "prefix" "ADMIN_") }}
{{- range list "registry" "reports" "orchestrator" "engine" }}
{{- $login := index $root.Values.database.logins . }}
{{- if $login.secretArn }}
{{- include "domainflow.plainSetting" (dict "setting" (printf "%s_DB_SECRET_ARN" (upper .)) "value" $login.secretArn) }}
{{- else }}
{{- include "domainflow.plainSetting" (dict "setting" (printf "%s_DB_PASSWORD_FILE" (upper .)) "value" (include "domainflow.passwordPath" .)) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Settings of create-stores. Takes root. */}}
{{- define "domainflow.createStoresSettings" -}}
{{- include "domainflow.plainSetting" (dict "setting" "NODE_ENV" "value" "production") }}
{{- include "domainflow.documentSettings" (dict "root" . "name" "create-stores") }}
{{- include "domainflow.objectSettings" . }}
{{- include "domainflow.fileSettings" (include "domainflow.createStoresFiles" . | fromYaml).files }}
{{- include "domainflow.plainSetting" (dict "setting" "CORS_ORIGINS" "value" .Values.corsOrigins) }}
{{- end }}

{{/* Its files. Takes root. */}}
{{- define "domainflow.createStoresFiles" -}}
{{- include "domainflow.fileList" (include "domainflow.objectFiles" . | fromYaml) }}
{{- end }}

{{/* Arguments of create-stores, as a YAML list. An emulator lacks what protects tables. Takes root. */}}
{{- define "domainflow.createStoresArguments" -}}
{{- $own := .Values.jobs.createStores }}
{{- $arguments := list "create-stores" }}
{{- with $own.kmsKeyArn }}
{{- $arguments = concat $arguments (list "--kms-key" .) }}
{{- end }}
{{- range $name, $value := $own.tags }}
{{- $arguments = concat $arguments (list "--tag" (printf "%s=%s" $name $value)) }}
{{- end }}
{{- $without := $own.without }}
{{- if .Values.trial.dynamodb.enabled }}
{{- $without = uniq (concat $without (list "point-in-time-recovery" "deletion-protection")) }}
{{- end }}
{{- if .Values.trial.minio.enabled }}
{{- $without = uniq (append $without "bucket") }}
{{- end }}
{{- range $without }}
{{- $arguments = concat $arguments (list "--without" .) }}
{{- end }}
{{- toYaml $arguments }}
{{- end }}
