{{/* How PostgreSQL is reached, by services and by the job that prepares it. Passwords are files, which are read anew when they change. */}}

{{/* Place and encryption. Takes root. */}}
{{- define "domainflow.databasePlace" -}}
{{- $database := .Values.database }}
{{- with include "domainflow.databaseHost" . }}
{{- include "domainflow.plainSetting" (dict "setting" "DB_HOST" "value" .) }}
{{- include "domainflow.plainSetting" (dict "setting" "DB_PORT" "value" $database.port) }}
{{- include "domainflow.plainSetting" (dict "setting" "DB_NAME" "value" $database.name) }}
{{- end }}
{{- $mode := ternary "disable" $database.sslMode .Values.trial.postgresql.enabled }}
{{- include "domainflow.plainSetting" (dict "setting" "DB_SSLMODE" "value" $mode) }}
{{- if $database.ca.name }}
{{- include "domainflow.plainSetting" (dict "setting" "DB_SSL_CA_FILE" "value" (printf "%s/database/ca.crt" (include "domainflow.filesPath" nil))) }}
{{- end }}
{{- end }}

{{/* One login, by a password file or by an AWS secret. Takes root, login and prefix: '', ENGINE_ or ADMIN_. */}}
{{- define "domainflow.login" -}}
{{- $login := index .root.Values.database.logins .login }}
{{- if $login.secretArn }}
{{- include "domainflow.plainSetting" (dict "setting" (printf "%sDB_SECRET_ARN" .prefix) "value" $login.secretArn) }}
{{- else }}
{{- include "domainflow.plainSetting" (dict "setting" (printf "%sDB_USER" .prefix) "value" $login.user) }}
{{- include "domainflow.plainSetting" (dict "setting" (printf "%sDB_PASSWORD_FILE" .prefix) "value" (include "domainflow.passwordPath" .login)) }}
{{- end }}
{{- end }}

{{- define "domainflow.passwordPath" -}}
{{ include "domainflow.filesPath" nil }}/database/{{ . }}
{{- end }}

{{/* A service's settings of its database; nothing for one without. Takes root, name, facts and own. */}}
{{- define "domainflow.databaseSettings" -}}
{{- $root := .root }}
{{- with .facts.logins }}
{{- include "domainflow.databasePlace" $root }}
{{- range . }}
{{- include "domainflow.login" (dict "root" $root "login" . "prefix" (ternary "ENGINE_" "" (eq . "engine"))) }}
{{- end }}
{{- end }}
{{- if .facts.replica }}
{{- include "domainflow.plainSetting" (dict "setting" "DB_READ_HOST" "value" $root.Values.database.readHost) }}
{{- end }}
{{- if .facts.logins }}
{{- include "domainflow.plainSetting" (dict "setting" "DB_POOL_SIZE" "value" .own.databasePool.size) }}
{{- include "domainflow.plainSetting" (dict "setting" "DB_MAX_OVERFLOW" "value" (toString .own.databasePool.overflow)) }}
{{- end }}
{{- end }}

{{/* The files of logins and of the authority that signed the server, as YAML list `files`. Takes root and logins. */}}
{{- define "domainflow.databaseFiles" -}}
{{- $database := .root.Values.database }}
{{- $files := list }}
{{- range .logins }}
{{- $login := index $database.logins . }}
{{- if not $login.secretArn }}
{{- $files = append $files (dict "name" $login.secret.name "key" $login.secret.key "path" (printf "database/%s" .)) }}
{{- end }}
{{- end }}
{{- if and .logins $database.ca.name }}
{{- $files = append $files (dict "name" $database.ca.name "key" $database.ca.key "path" "database/ca.crt") }}
{{- end }}
{{- toYaml (dict "files" $files) }}
{{- end }}

{{/* All secret files of a process, as YAML list `files`. Takes root, name, facts and own. */}}
{{- define "domainflow.processFiles" -}}
{{- $logins := default (list) .facts.logins }}
{{- $files := default (list) (include "domainflow.databaseFiles" (dict "root" .root "logins" $logins) | fromYaml).files }}
{{- toYaml (dict "files" (concat $files (include "domainflow.settingFiles" . | fromYaml).files)) }}
{{- end }}

{{/* Connections that one Pod of a service may open: its pool for requests and what is beside it. Takes facts and own. */}}
{{- define "domainflow.connectionsOfPod" -}}
{{- add .own.databasePool.size .own.databasePool.overflow .facts.listens }}
{{- end }}

{{/* A sentence when all Pods together could open more than 80 % of the server's connections; nothing when they fit, or when it is not known. */}}
{{- define "domainflow.connectionProblem" -}}
{{- $root := . }}
{{- $sum := 0 }}
{{- $each := list }}
{{- range $name, $facts := include "domainflow.processes" . | fromYaml }}
{{- if $facts.logins }}
{{- $own := include "domainflow.own" (dict "root" $root "name" $name) | fromYaml }}
{{- /* While a new version comes, there is one Pod more. */}}
{{- $pods := add1 (include "domainflow.replicasMax" $own) }}
{{- $ofPod := include "domainflow.connectionsOfPod" (dict "facts" $facts "own" $own) }}
{{- $sum = add $sum (mul $pods $ofPod) }}
{{- $each = append $each (printf "%s %d × %s" $name $pods $ofPod) }}
{{- end }}
{{- end }}
{{- $budget := div (mul 80 (int .Values.database.maxConnections)) 100 }}
{{- if and (gt (int .Values.database.maxConnections) 0) (gt (int $sum) (int $budget)) }}
{{- printf "the services may open %d connections to PostgreSQL (%s), but 80 %% of database.maxConnections are %d: lower databasePool or maxReplicas of registry, reports or orchestrator, or raise max_connections of the server and this value" (int $sum) (join ", " $each) (int $budget) }}
{{- end }}
{{- end }}
