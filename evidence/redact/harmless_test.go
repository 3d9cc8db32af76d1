package redact

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// harmless are texts that a diagnosis may need, each with what it looks like.
var harmlessTexts = []string{
	// identifiers
	`pod payments-7d4f9c8b6d-x2x8z in shop, uid 0b5c1d9e-7a34-4d1f-9a55-1f2e3d4c5b6a`,
	`containerID: containerd://3f1c9a7e5b2d4860f1e2d3c4b5a697887766554433221100ffeeddccbbaa9988`,
	`image: registry.example:5000/shop/api@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08`,
	`imageID: docker-pullable://ghcr.io/shop/api@sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae`,
	`commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904 is not an ancestor of main`,
	`traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`,
	`trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7`,
	`"requestId":"7f3e2a1b-9c8d-4e5f-a6b7-c8d9e0f1a2b3","correlationId":"b7ad6b7169203331"`,
	`pod-template-hash: 7d4f9c8b6d`, `controller-revision-hash=6f4b8d9c5`,
	`resourceVersion: "184467440737095516"`, `metadata.continue: eyJ2IjoibWV0YS5rOHMuaW8vdjEi`,
	`ETag: "33a64df551425fcc55e4d42a148795d9f25f89d4"`,
	`build id 5d41402abc4b2a76b9719d911017c592, goroutine 118 [running]:`,
	`panic: runtime error: invalid memory address [signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x4f2a1c]`,
	`main.(*server).handle(0xc0000b4000, {0x7f3b2c, 0xc00011a0e0}, 0xc000132100)`,
	`at com.example.shop.auth.TokenService.verify(TokenService.java:117)`,
	`File "/usr/local/lib/python3.12/site-packages/sqlalchemy/engine/base.py", line 1967, in _exec_single_context`,
	`keyid=A1B2C3D4E5F60718 subjectKeyIdentifier=A9:3C:11`, `aws_access_key_id_source: env`,
	`vm /subscriptions/0b5c1d9e-7a34-4d1f-9a55-1f2e3d4c5b6a/resourceGroups/rg/providers/Microsoft.Compute/virtualMachineScaleSets/aks-pool1-12345678-vmss`,
	`arn:aws:iam::123456789012:role/eks-node-role`, `projects/shop-1234/locations/europe-west1/keyRings/main/cryptoKeys/k1`,
	`sessionid=0x100000c2a8b0001 closed`, `etcd member 8e9e05c52164694d is healthy`,
	// messages
	`MountVolume.SetUp failed for volume "secrets" : rpc error: code = Unknown desc = failed to mount objects`,
	`password authentication failed for user "app"`, `Access denied for user 'app'@'10.0.0.7' (using password: YES)`,
	`WRONGPASS invalid username-password pair or user is disabled.`, `NOAUTH Authentication required.`,
	`SCRAM authentication failed, storedKey mismatch`, `pq: password authentication failed for user "orders_rw"`,
	`Login failed for user 'sa'. Reason: Password did not match that for the login provided.`,
	`invalid_client: AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value`,
	`401 Unauthorized: token is expired by 2h13m`, `JWT signature does not match locally computed signature`,
	`x509: certificate has expired or is not yet valid: current time 2026-11-23T03:02:49Z is after 2026-11-20T00:00:00Z`,
	`tls: private key does not match public key`, `open /etc/tls/tls.key: permission denied`,
	`no PEM-encoded private key found in /etc/tls/tls.key`, `error parsing "-----BEGIN PRIVATE KEY-----": asn1 structure error`,
	`KeyError: 'API_TOKEN'`, `Error: Missing required environment variable: STRIPE_SECRET_KEY`,
	`env SECRET_KEY_BASE is not set, see README`, `config: "auth.tokenTTL" must be positive`, `missing API key`,
	`duplicate key value violates unique constraint "orders_pkey" Key (id)=(4711) already exists.`,
	`ERROR: insert or update on table "items" violates foreign key constraint: Key (order_id)=(1187) is not present in table "orders".`,
	`primary_key=order_id partition_key=customer1 sort_key=created_at2026`, `cache key: orders:eu:4711 not found`,
	`redis: key "session:count" does not exist`, `i18n key checkout.title2 missing`, `keyspace shop1 does not exist`,
	`unknown key "replcas" in spec`, `yaml: line 12: mapping key "env" already defined at line 7`, `press any key: y1`,
	`unexpected token u in JSON at position 0`, `Unexpected token: identifier (2:17)`, `near token: SELECT1`,
	`max_tokens=4096 prompt_tokens: 118 completion_tokens: 23`, `tokenizer=bert-base-uncased2 loaded`, `nextPageToken: CAUSBggBEA1`,
	`leader election: lock acquired by api-7d4f9c8b6d-x2x8z_0b5c1d9e-7a34`, `author: Jane <jane@example.com>`,
	`authority=db.shop.svc:5432`, `authentication=scram-sha-256`, `auth_method: kubernetes`, `auth: enabled`, `auth=none`, `{"auth":true}`,
	`authMechanism=SCRAM-SHA-256&authSource=admin`, `auth.type=oauth2`,
	// Kubernetes
	`secret "db-credentials" not found`, `Error: couldn't find key password in Secret shop/db-credentials`,
	`MountVolume.SetUp failed for volume "kube-api-access-4zq7x" : failed to fetch token: pod "api-0" not found`,
	`/var/run/secrets/kubernetes.io/serviceaccount from kube-api-access-4zq7x (ro)`,
	`DB_PASSWORD:  <set to the key 'password' in secret 'db-credentials'>  Optional: false`,
	`imagePullSecrets: registry-credentials2`, `secretName: tls-cert-token`, `tokenExpirationSeconds: 3607`, `automountServiceAccountToken: false`,
	`Failed to pull image "registry.example/shop/api:1.2": unauthorized: authentication required`,
	`serviceaccounts "api" is forbidden: User "system:serviceaccount:shop:api" cannot get resource "secrets"`,
	`Liveness probe failed: HTTP probe failed with statuscode: 401`, `Readiness probe failed: Get "http://10.244.1.7:8080/healthz?token=": EOF`,
	`Back-off restarting failed container api in pod api-7d4f9c8b6d-x2x8z_shop(0b5c1d9e-7a34-4d1f-9a55-1f2e3d4c5b6a)`,
	`OCI runtime create failed: runc create failed: unable to start container process: exec: "/app/server": no such file or directory`,
	`--tls-private-key-file=/etc/kubernetes/pki/apiserver.key --service-account-key-file=/etc/kubernetes/pki/sa.pub`,
	`--discovery-token-ca-cert-hash sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08`,
	`--token-auth-file=/etc/tokens.csv --authorization-mode=Node,RBAC --anonymous-auth=false`,
	`external-secrets: secretStoreRef: vault-backend1`, `reloader.stakater.com/match: "true"`,
	// addresses
	`dial tcp: lookup db.shop.svc.cluster.local on 10.96.0.10:53: no such host`, `http://user-service:8080/path?x=foo@bar.com`,
	`https://registry.example:5000/v2/shop/api/manifests/1.2`, `mongodb://a.db:27017,b.db:27017/shop?replicaSet=rs0`,
	`amqp://mq:5672/`, `postgres://app@db:5432/shop`, `kafka-0.kafka:9092,kafka-1.kafka:9092`, `jdbc:postgresql://db:5432/shop?user=app`,
	`https://login.microsoftonline.com/0b5c1d9e-7a34-4d1f-9a55-1f2e3d4c5b6a/oauth2/v2.0/token`, `GET /oauth/token 401 12ms`,
	`POST /api/v1/namespaces/shop/serviceaccounts/api/token 201`, `git@github.com:shop/api.git`, `Server=tcp:db.database.windows.net,1433;Database=shop`,
	`mysql -h db -P 3306 -u root shop`, `mysqladmin ping --protocol=tcp`, `curl -s http://api:8080/health -o /dev/null`, `redis-cli -h cache -p 6379 ping`,
	`docker login registry.example failed`, `wget -qO- http://api:8080`,
	// settings that only sound like secrets
	`PWD=/workspace`, `PASSWORD_MIN_LENGTH=12`, `TOKEN_TTL=3600`, `SECRET_NAME=db-credentials`, `DB_PASSWORD_FILE=/run/secrets/db`,
	`POSTGRES_PASSWORD=$(DB_PASSWORD)`, `password: ${DB_PASSWORD}`, `api_key: {{ .Values.apiKey }}`, `password=****`, `password=<redacted>`,
	`KEYCLOAK_HOST=idp.shop`, `KEY_VAULT_NAME=shop-kv1`, `AUTH_URL=https://idp.shop/realms/x1`, `CSRF_COOKIE_NAME=csrf1`, `ssh_key_path=/home/app/.ssh/id1`,
	`compass: 270`, `bypass=true`, `tokenType=Bearer`, `monkey=4711abcdef`, `hotkey: Ctrl2`, `keyboard=qwerty1`, `turnkey: v2`,
}

func TestHarmlessSurvives(t *testing.T) {
	r := redactor(t)
	n := 0
	for _, text := range harmlessTexts {
		for form, wrapped := range map[string]string{
			"plain": text,
			"klog":  "E1123 03:02:49.123456       1 server.go:117] " + text,
			"json":  fmt.Sprintf("{\"level\":\"error\",\"msg\":%q}", text),
			"stamp": "2026-11-23T03:02:49.123456789Z stderr F " + text,
		} {
			n++
			if got := r.String(wrapped); got != wrapped {
				t.Errorf("%s changed:\n in %s\nout %s", form, wrapped, got)
			}
		}
	}
	t.Logf("%d harmless texts in %d forms", len(harmlessTexts), n)
}

// Identifiers of all lengths are no secrets, whatever ordinary word stands before them.
func TestIdentifiersSurvive(t *testing.T) {
	r, rnd := redactor(t), rand.New(rand.NewPCG(5, 6))
	names := []string{"id", "uid", "hash", "sha256", "commit", "revision", "trace_id", "spanId", "request-id", "digest", "node", "pod", "container",
		"version", "build", "object", "checksum", "etag", "key", "primary_key", "api", "access", "client", "lease", "offset", "partition"}
	n := 0
	for _, name := range names {
		for _, length := range []int{8, 10, 16, 20, 24, 32, 36, 40, 64} {
			id := make([]byte, length)
			for i := range id {
				id[i] = "0123456789abcdef"[rnd.IntN(16)]
			}
			for _, form := range []string{"%s=%s", "%s: %s", `{"%s":"%s"}`, "got %s %s ok"} {
				n++
				if text := fmt.Sprintf(form, name, id); r.String(text) != text {
					t.Errorf("%s became %s", text, r.String(text))
				}
			}
		}
	}
	t.Logf("%d identifiers", n)
	words := strings.Repeat("reconciling the payments deployment in shop ", 30)
	if r.String(words) != words {
		t.Error("prose changed")
	}
}
