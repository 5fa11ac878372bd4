{{/* Parts of a process's Pod that follow from what it serves. */}}

{{/* Ports of the container. Takes root, name and own. */}}
{{- define "domainflow.ports" -}}
{{- if eq .name "gateway" -}}
- name: http
  containerPort: 8080
{{- if .own.workerGate.enabled }}
- name: grpc-workers
  containerPort: 50052
{{- end }}
{{- else -}}
- name: grpc
  containerPort: 50051
{{- end }}
{{- with .root.Values.telemetry.metricsPort }}
- name: metrics
  containerPort: {{ . }}
{{- end }}
{{- end }}

{{/*
Probes. Ready follows stores and neighbours; alive does not: a process whose database is away recovers by itself, and a restart would only
take longer. Kubernetes asks services by gRPC without anything in the image.
*/}}
{{- define "domainflow.probes" -}}
{{- if eq . "gateway" -}}
startupProbe:
  httpGet:
    path: /health/live
    port: http
  periodSeconds: 2
  failureThreshold: 60
readinessProbe:
  httpGet:
    path: /health/ready
    port: http
  periodSeconds: 2
  timeoutSeconds: 2
  failureThreshold: 2
livenessProbe:
  httpGet:
    path: /health/live
    port: http
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
{{- else -}}
startupProbe:
  grpc:
    port: 50051
    service: liveness
  periodSeconds: 2
  failureThreshold: 60
readinessProbe:
  grpc:
    port: 50051
  periodSeconds: 2
  timeoutSeconds: 2
  failureThreshold: 2
livenessProbe:
  grpc:
    port: 50051
    service: liveness
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
{{- end }}
{{- end }}

{{/* Replicas of one process stand in different zones and on different nodes, where there are several. Takes root and name. */}}
{{- define "domainflow.spread" -}}
{{- $spread := .root.Values.topologySpread }}
{{- if $spread.enabled }}
topologySpreadConstraints:
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: {{ $spread.whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- include "domainflow.selector" $ | nindent 8 }}
    # Each version is spread by itself, or a rolling update would leave its Pods where the old ones were not.
    matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end }}
{{- end }}
