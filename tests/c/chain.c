/*
 * Tokens for what the environment variables describe, for a chain, and for the user of a developer tool.
 *
 *   chain AUTHORITY_HOST TENANT CLIENT_ID SECRET USER PASSWORD TOOLS
 *
 * AUTHORITY_HOST is the address of an emulator with the application and the user, and TOOLS a folder with an az and an azd
 * that give tokens. Ends with 1 when a call did not do what it should.
 */

#include "expect.h"

#include <stdarg.h>

/* Nobody listens there. */
#define NO_METADATA "AZURE_POD_IDENTITY_AUTHORITY_HOST=http://127.0.0.1:9"

/* Options with these variables alone, pairs NAME=value up to NULL. */
static gt_options *with_variables(const char *first, ...)
{
    char block[2048];
    size_t length = 0;
    va_list pairs;
    const char *pair;
    GtStr text;
    gt_options *options = NULL;

    va_start(pairs, first);
    for (pair = first; pair != NULL; pair = va_arg(pairs, const char *)) {
        size_t size = strlen(pair) + 1;
        if (length + size > sizeof block) {
            fail(__LINE__, "the variables are too long");
            break;
        }
        memcpy(block + length, pair, size);
        length += size;
    }
    va_end(pairs);
    text.data = (const uint8_t *)block;
    text.len = length;
    EXPECT(GT_STATUS_OK, gt_options_new(&options, &error));
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("identity.variables"), text, &error));
    return options;
}

static const char *pair(char *buffer, size_t size, const char *name, const char *value)
{
    snprintf(buffer, size, "%s=%s", name, value);
    return buffer;
}

static int is(GtStr text, const char *expected)
{
    return text.len == strlen(expected) && memcmp(text.data, expected, text.len) == 0;
}

/* Acquires a token twice, the second time from the cache, and frees the client. */
static void acquire(gt_client *client, const char *scope, int32_t expected, const char *chosen, const char *passed_over)
{
    gt_request *request = NULL;
    gt_token *token = NULL;
    gt_token *again = NULL;
    GtStr text = {NULL, 0};

    EXPECT(GT_STATUS_OK, gt_client_chosen(client, &text));
    if (text.len != 0) {
        fail(__LINE__, "something is chosen before the first token");
    }
    EXPECT(GT_STATUS_OK, gt_request_new_client_credentials(text_of(scope), NULL, &request, &error));
    EXPECT(expected, gt_client_acquire(client, request, NULL, &token, &error));
    EXPECT(GT_STATUS_OK, gt_client_cached(client, request, &again, &error));
    if ((token == NULL) != (again == NULL)) {
        fail(__LINE__, "the token is not in the cache");
    }
    EXPECT(GT_STATUS_OK, gt_client_chosen(client, &text));
    if (!is(text, chosen)) {
        fail(__LINE__, "another link was chosen");
        fprintf(stderr, "%.*s, not %s\n", (int)text.len, (const char *)text.data, chosen);
    }
    EXPECT(GT_STATUS_OK, gt_client_passed_over(client, &text));
    if (text.len < strlen(passed_over) || memcmp(text.data, passed_over, strlen(passed_over)) != 0) {
        fail(__LINE__, "the reasons are others");
        fprintf(stderr, "%.*s\n", (int)text.len, (const char *)text.data);
    }
    gt_token_free(again);
    gt_token_free(token);
    gt_request_free(request);
    gt_client_free(client);
}

static gt_client *environment(gt_options *options, int32_t expected)
{
    gt_client *client = NULL;

    EXPECT(expected, gt_client_new_environment(options, &client, &error));
    gt_options_free(options);
    return client;
}

static gt_client *chain(gt_options *options)
{
    gt_client *client = NULL;

    EXPECT(GT_STATUS_OK, gt_client_new_chain(options, &client, &error));
    gt_options_free(options);
    return client;
}

static gt_client *tool(const char *name, gt_options *options)
{
    gt_client *client = NULL;

    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("developer_tool.tenant"), text_of("contoso.example"), &error));
    EXPECT(GT_STATUS_OK, gt_client_new_developer_tool(text_of(name), options, &client, &error));
    gt_options_free(options);
    return client;
}

/* What the diagnosis of a source says of it. */
static void diagnosis(const char *source, gt_options *options, const char *check, int32_t outcome)
{
    gt_diagnosis *diagnosis = NULL;
    uint64_t findings = 0, index;
    int32_t status = 0;
    GtStr text = {NULL, 0};
    int found = 0;

    EXPECT(GT_STATUS_OK, gt_diagnosis_new_for_source(text_of(source), options, NULL, &diagnosis, &error));
    gt_options_free(options);
    EXPECT(GT_STATUS_OK, gt_diagnosis_count(diagnosis, &findings));
    for (index = 0; index < findings; index++) {
        EXPECT(GT_STATUS_OK, gt_diagnosis_check(diagnosis, index, &text));
        if (is(text, check)) {
            EXPECT(GT_STATUS_OK, gt_diagnosis_status(diagnosis, index, &status));
            found = status == outcome;
        }
    }
    if (!found) {
        fail(__LINE__, "the finding is another");
        fprintf(stderr, "%s: %" PRId32 "\n", check, status);
    }
    gt_diagnosis_free(diagnosis);
}

int main(int count, char **values)
{
    const char *scope = "https://graph.microsoft.com/.default";
    char host[256], tenant[256], id[256], secret[256], user[256], password[256], path[512];
    gt_client *client;
    gt_request *request = NULL;
    gt_token *token = NULL;
    GtStr text = {NULL, 0};

    if (count < 8) {
        fprintf(stderr, "seven arguments are needed\n");
        return 2;
    }
    pair(host, sizeof host, "AZURE_AUTHORITY_HOST", values[1]);
    pair(tenant, sizeof tenant, "AZURE_TENANT_ID", values[2]);
    pair(id, sizeof id, "AZURE_CLIENT_ID", values[3]);
    pair(secret, sizeof secret, "AZURE_CLIENT_SECRET", values[4]);
    pair(user, sizeof user, "AZURE_USERNAME", values[5]);
    pair(password, sizeof password, "AZURE_PASSWORD", values[6]);
    pair(path, sizeof path, "PATH", values[7]);

    acquire(environment(with_variables(host, tenant, id, secret, NULL), GT_STATUS_OK), scope, GT_STATUS_OK, "", "");
    environment(with_variables(host, tenant, secret, NULL), GT_STATUS_CREDENTIAL_MISSING);
    environment(with_variables("PATH=", NULL), GT_STATUS_CREDENTIAL_MISSING);

    client = environment(with_variables(host, tenant, id, user, password, NULL), GT_STATUS_OK);
    EXPECT(GT_STATUS_OK, gt_client_warning(client, &text));
    if (text.len == 0) {
        fail(__LINE__, "there is no warning of the password");
    }
    EXPECT(GT_STATUS_OK, gt_request_new_password(text_of(scope), text_of("a"), text_of("b"), NULL, &request, &error));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_client_acquire(client, request, NULL, &token, &error));
    gt_request_free(request);
    gt_client_free(client);

    acquire(chain(with_variables(host, tenant, id, secret, NO_METADATA, path, NULL)), scope, GT_STATUS_OK, "environment",
            "");
    acquire(chain(with_variables(NO_METADATA, path, NULL)), scope, GT_STATUS_OK, "Azure CLI", "environment: ");
    acquire(chain(with_variables(NO_METADATA, path, "AZURE_TOKEN_CREDENTIALS=AzureDeveloperCliCredential", NULL)), scope,
            GT_STATUS_OK, "Azure Developer CLI", "environment: AZURE_TOKEN_CREDENTIALS leaves it out.\n");
    acquire(chain(with_variables(NO_METADATA, NULL)), scope, GT_STATUS_CREDENTIAL_MISSING, "", "");
    acquire(tool("az", with_variables(path, NULL)), scope, GT_STATUS_OK, "", "");
    acquire(tool("azd", with_variables(path, NULL)), scope, GT_STATUS_OK, "", "");
    acquire(tool("az", with_variables("PATH=", NULL)), scope, GT_STATUS_CREDENTIAL_MISSING, "", "");

    diagnosis("chain", with_variables(NO_METADATA, path, NULL), "Chain", GT_FINDING_STATUS_PASSED);
    diagnosis("chain", with_variables(NO_METADATA, NULL), "Chain", GT_FINDING_STATUS_FAILED);
    diagnosis("managed_identity", with_variables(NO_METADATA, NULL), "ManagedIdentity", GT_FINDING_STATUS_FAILED);
    diagnosis("managed_identity", with_variables(NO_METADATA, path, NULL), "DeveloperTools", GT_FINDING_STATUS_PASSED);
    diagnosis("managed_identity", with_variables(NO_METADATA, NULL), "Chain", GT_FINDING_STATUS_SKIPPED);
    return failures == 0 ? 0 : 1;
}
