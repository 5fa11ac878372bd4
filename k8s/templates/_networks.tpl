{{/* Rules of NetworkPolicies. Each answers items of a list, or nothing. */}}

{{/* Rule that lets Pods ask for names. Takes root. */}}
{{- define "domainflow.dnsRule" -}}
- to:
    {{- toYaml .Values.networkPolicy.dns.to | nindent 4 }}
  ports:
    {{- range .Values.networkPolicy.dns.ports }}
    - protocol: UDP
      port: {{ . }}
    - protocol: TCP
      port: {{ . }}
    {{- end }}
{{- end }}

{{/* Rule from or to the Pods of one component. Takes root, name, word (from or to) and port. */}}
{{- define "domainflow.podRule" -}}
- {{ .word }}:
    - podSelector:
        matchLabels:
          {{- include "domainflow.selector" . | nindent 10 }}
  ports:
    - protocol: TCP
      port: {{ .port }}
{{- end }}

{{/* Rule to a place of networkPolicy: its peers on its ports. Takes root and place. */}}
{{- define "domainflow.placeRule" -}}
{{- $place := index .root.Values.networkPolicy .place }}
{{- if $place.to }}
- to:
    {{- toYaml $place.to | nindent 4 }}
  ports:
    {{- range $place.ports }}
    - protocol: TCP
      port: {{ . }}
    {{- end }}
{{- end }}
{{- end }}

{{/* Rules to one place outside, or to the part of the release that stands for it. Takes root and place. */}}
{{- define "domainflow.outsideRules" -}}
{{- $trial := .root.Values.trial }}
{{- if eq .place "internet" }}
{{- include "domainflow.placeRule" . }}
{{- else if include "domainflow.placeNeeded" . }}
{{- include "domainflow.placeRule" . }}
{{- end }}
{{- if and (eq .place "database") $trial.postgresql.enabled }}
{{ include "domainflow.podRule" (dict "root" .root "name" "postgresql" "word" "to" "port" 5432) }}
{{- end }}
{{- if and (eq .place "documents") $trial.dynamodb.enabled }}
{{ include "domainflow.podRule" (dict "root" .root "name" "dynamodb" "word" "to" "port" 8000) }}
{{- end }}
{{- if and (eq .place "objects") $trial.minio.enabled }}
{{ include "domainflow.podRule" (dict "root" .root "name" "minio" "word" "to" "port" 9000) }}
{{- end }}
{{- if and (eq .place "collector") $trial.jaeger.enabled }}
{{ include "domainflow.podRule" (dict "root" .root "name" "jaeger" "word" "to" "port" 4318) }}
{{- end }}
{{- end }}

{{/* Places outside that a process needs, beyond those of the table: the collector, and AWS where a login is one of its secrets. Takes root, facts. */}}
{{- define "domainflow.placesOf" -}}
{{- $root := .root }}
{{- $places := append .facts.outside "collector" }}
{{- range .facts.logins }}
{{- if (index $root.Values.database.logins .).secretArn }}
{{- $places = append $places "aws" }}
{{- end }}
{{- end }}
{{- join "," (uniq $places) }}
{{- end }}

{{/* Who may come in to a process. Takes root, name and own. */}}
{{- define "domainflow.ingressRules" -}}
{{- $root := .root }}
{{- $name := .name }}
{{- if eq $name "gateway" }}
- ports:
    - protocol: TCP
      port: 8080
    {{- if .own.workerGate.enabled }}
    - protocol: TCP
      port: 50052
    {{- end }}
  {{- with $root.Values.networkPolicy.gatewayFrom }}
  from:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- else }}
{{- range $caller, $facts := include "domainflow.processes" $root | fromYaml }}
{{- if or (has $name $facts.calls) (and (eq $caller $name) $facts.peers) }}
{{ include "domainflow.podRule" (dict "root" $root "name" $caller "word" "from" "port" 50051) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Who may read measurements: networkPolicy.metricsFrom, on the port that has them. Takes root and name. */}}
{{- define "domainflow.metricsRule" -}}
{{- $port := .root.Values.telemetry.metricsPort }}
{{- if and .root.Values.networkPolicy.metricsFrom (or $port (eq .name "gateway")) }}
- from:
    {{- toYaml .root.Values.networkPolicy.metricsFrom | nindent 4 }}
  ports:
    - protocol: TCP
      port: {{ default 8080 $port }}
{{- end }}
{{- end }}

{{/* Where a process may go. Takes root, name and facts. */}}
{{- define "domainflow.egressRules" -}}
{{- $root := .root }}
{{ include "domainflow.dnsRule" $root }}
{{- range $called := ternary (append .facts.calls .name) .facts.calls (default false .facts.peers) }}
{{ include "domainflow.podRule" (dict "root" $root "name" $called "word" "to" "port" 50051) }}
{{- end }}
{{- $name := .name }}
{{- range splitList "," (include "domainflow.placesOf" .) }}
{{- if and (eq $name "agents") (eq . "aws") }}
{{- /* Models and tools of AWS are chosen by settings: wherever there is a way to AWS, agents have it. */}}
{{- include "domainflow.placeRule" (dict "root" $root "place" .) }}
{{- else }}
{{- include "domainflow.outsideRules" (dict "root" $root "place" .) }}
{{- end }}
{{- end }}
{{- end }}
