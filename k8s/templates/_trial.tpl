{{/* What the parts for trials have in common. None of them is meant to hold what is missed. */}}

{{/* Service and NetworkPolicy of a part. Takes root, name, port, portName and callers; `open` lets everyone in. */}}
{{- define "domainflow.trialFrame" -}}
{{- $root := .root }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "domainflow.fullname" $root }}-{{ .name }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "domainflow.labels" . | nindent 4 }}
spec:
  selector:
    {{- include "domainflow.selector" . | nindent 4 }}
  ports:
    - name: {{ .portName }}
      port: {{ .port }}
      targetPort: {{ .portName }}
{{- if $root.Values.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "domainflow.fullname" $root }}-{{ .name }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "domainflow.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "domainflow.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- if .open }}
    - ports:
        - protocol: TCP
          port: {{ .port }}
    {{- else }}
    {{- range .callers }}
    {{- include "domainflow.podRule" (dict "root" $root "name" . "word" "from" "port" $.port) | nindent 4 }}
    {{- end }}
    {{- end }}
  egress: []
{{- end }}
{{- end }}

{{/* The head of a part's Pod. Takes root and the user that its image has. */}}
{{- define "domainflow.trialPod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .userId }}
  runAsGroup: {{ .userId }}
  fsGroup: {{ .userId }}
  seccompProfile:
    type: RuntimeDefault
{{ include "domainflow.pullSecrets" .root }}
{{ include "domainflow.placement" .root }}
{{- end }}

{{/* Storage that outlives the Pod, where a size is given. Takes the part's values. */}}
{{- define "domainflow.trialStorage" -}}
{{- if .storage }}
volumeClaimTemplates:
  - metadata:
      name: data
    spec:
      accessModes: [ReadWriteOnce]
      resources:
        requests:
          storage: {{ .storage }}
{{- end }}
{{- end }}

{{/* How MinIO's client reaches the store: Kubernetes puts the two secrets into the address. Takes root. */}}
{{- define "domainflow.bucketSettings" -}}
{{- $key := .Values.objects.accessKey }}
{{ include "domainflow.secretSetting" (dict "setting" "STORE_USER" "secret" (dict "name" $key.name "key" $key.idKey)) }}
{{ include "domainflow.secretSetting" (dict "setting" "STORE_PASSWORD" "secret" (dict "name" $key.name "key" $key.secretKey)) }}
- name: MC_HOST_trial
  value: http://$(STORE_USER):$(STORE_PASSWORD)@{{ include "domainflow.fullname" . }}-minio:9000
- name: MC_CONFIG_DIR
  value: /tmp/mc
{{- end }}
