{{/* What every Pod of the chart has in common: who it is, what it may do on its node, and where it may run. */}}

{{/* Nobody's root, no privileges to be had, the runtime's own filter of system calls. */}}
{{- define "domainflow.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .Values.pods.userId }}
runAsGroup: {{ .Values.pods.groupId }}
fsGroup: {{ .Values.pods.groupId }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* Nothing in the image can be changed; what a process must write goes to volumes. */}}
{{- define "domainflow.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* Image and its secrets' part of a Pod. */}}
{{- define "domainflow.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end }}

{{/* Where Pods may run. */}}
{{- define "domainflow.placement" -}}
{{- with .Values.pods.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.pods.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.pods.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.pods.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The volume that processes may write to: what Node compiles, and what a library puts into a file for a moment. */}}
{{- define "domainflow.scratchVolume" -}}
- name: tmp
  emptyDir:
    sizeLimit: {{ .Values.pods.scratchSize }}
{{- end }}

{{- define "domainflow.scratchMount" -}}
- name: tmp
  mountPath: /tmp
{{- end }}

{{/* Secrets that a process reads as files. Takes a list of {name, key, path}; nothing for an empty one. */}}
{{- define "domainflow.filesVolume" -}}
{{- if . }}
- name: secrets
  projected:
    # Readable by the process's group alone (0440).
    defaultMode: 288
    sources:
    {{- range . }}
      - secret:
          name: {{ .name }}
          items:
            - key: {{ .key }}
              path: {{ .path }}
    {{- end }}
{{- end }}
{{- end }}

{{- define "domainflow.filesMount" -}}
{{- if . }}
- name: secrets
  mountPath: {{ include "domainflow.filesPath" nil }}
  readOnly: true
{{- end }}
{{- end }}

{{- define "domainflow.filesPath" -}}
/etc/domainflow
{{- end }}
