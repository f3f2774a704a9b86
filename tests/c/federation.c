/*
 * Tokens of a workload: from a file that changes, from the token services of two systems, and from a callback.
 *
 *   federation AUTHORITY TENANT CLIENT_ID TOKEN_FILE GITHUB_URL GITHUB_TOKEN PIPELINES_URL PIPELINES_TOKEN CONNECTION_ID
 *
 * AUTHORITY and TENANT name an emulator that knows the workload, and TOKEN_FILE holds one of its tokens. Ends with 1 when
 * something is not as it should be.
 */

#include "expect.h"

#include <stdlib.h>

static char **arguments;

/* Asks for a token with this credential, and frees the credential. */
static void acquire(int32_t expected, gt_credential *credential, int line)
{
    gt_client *client = NULL;
    gt_request *request = NULL;
    gt_token *token = NULL;
    GtStr text = none;

    EXPECT(GT_STATUS_OK, gt_client_new(text_of(arguments[1]), text_of(arguments[3]), credential, NULL, &client, &error));
    gt_credential_free(credential);
    EXPECT(GT_STATUS_OK, gt_request_new_client_credentials(none, NULL, &request, &error));
    expect(expected, gt_client_acquire(client, request, NULL, &token, &error), "gt_client_acquire", line);
    if (token != NULL && (gt_token_access_token(token, &text) != GT_STATUS_OK || text.len == 0)) {
        fail(line, "there is no access token");
    }
    gt_token_free(token);
    gt_request_free(request);
    gt_client_free(client);
}

/* Options with the place and the token of a token service. */
static gt_options *service(const char *url, const char *token)
{
    gt_options *options = NULL;

    EXPECT(GT_STATUS_OK, gt_options_new(&options, &error));
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("federation.request_url"), text_of(url), &error));
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("federation.request_token"), text_of(token), &error));
    return options;
}

static void token_file(int32_t expected, const char *path, int line)
{
    gt_credential *credential = NULL;

    EXPECT(GT_STATUS_OK, gt_credential_new_federated_token_file(text_of(path), &credential, &error));
    acquire(expected, credential, line);
}

static void github_actions(int32_t expected, const char *token, int line)
{
    gt_options *options = service(arguments[5], token);
    gt_credential *credential = NULL;

    EXPECT(GT_STATUS_OK, gt_credential_new_github_actions(options, &credential, &error));
    gt_options_free(options);
    acquire(expected, credential, line);
}

static void azure_pipelines(int32_t expected, const char *token, int line)
{
    gt_options *options = service(arguments[7], token);
    gt_credential *credential = NULL;

    EXPECT(GT_STATUS_OK, gt_credential_new_azure_pipelines(text_of(arguments[9]), options, &credential, &error));
    gt_options_free(options);
    acquire(expected, credential, line);
}

/* What a callback does, and what it has seen. */
typedef struct Assertions {
    int32_t outcome;
    uint64_t length;
    int calls;
    int releases;
} Assertions;

static int is(const char *expected, const uint8_t *text, uint64_t length)
{
    return length == strlen(expected) && memcmp(text, expected, (size_t)length) == 0 && text[length] == 0;
}

static int32_t provide(void *context, const uint8_t *tenant, uint64_t tenant_len, const uint8_t *client_id,
                       uint64_t client_id_len, const uint8_t *token_endpoint, uint64_t token_endpoint_len,
                       uint8_t *assertion, uint64_t assertion_capacity, uint64_t *assertion_len)
{
    Assertions *assertions = context;
    char endpoint[1024];
    FILE *file = fopen(arguments[4], "rb");

    assertions->calls++;
    snprintf(endpoint, sizeof endpoint, "%s/oauth2/v2.0/token", arguments[1]);
    if (!is(arguments[2], tenant, tenant_len) || !is(arguments[3], client_id, client_id_len)
        || !is(endpoint, token_endpoint, token_endpoint_len)) {
        fail(__LINE__, "the callback is not told what the assertion is for");
    }
    if (file == NULL || assertion_capacity != 64 * 1024) {
        fail(__LINE__, "there is no assertion, or no room for it");
        return GT_STATUS_CREDENTIAL_MISSING;
    }
    *assertion_len = fread(assertion, 1, (size_t)assertion_capacity, file);
    fclose(file);
    if (assertions->length != 0) {
        *assertion_len = assertions->length;
    }
    return assertions->outcome;
}

static void release(void *context)
{
    ((Assertions *)context)->releases++;
}

static void callback(int32_t expected, int32_t outcome, uint64_t length, int line)
{
    Assertions assertions = {0, 0, 0, 0};
    gt_credential *credential = NULL;

    assertions.outcome = outcome;
    assertions.length = length;
    EXPECT(GT_STATUS_OK, gt_credential_new_with_assertion(provide, &assertions, release, &credential, &error));
    acquire(expected, credential, line);
    if (assertions.calls != 1 || assertions.releases != 1) {
        fail(line, "the callback was not called once, or its context not released once");
    }
}

int main(int count, char **values)
{
    if (count != 10) {
        return 2;
    }
    arguments = values;
    token_file(GT_STATUS_OK, values[4], __LINE__);
    token_file(GT_STATUS_CREDENTIAL_MISSING, "/no/such/file", __LINE__);
    token_file(GT_STATUS_INVALID_ARGUMENT, "/", __LINE__);
    github_actions(GT_STATUS_OK, values[6], __LINE__);
    github_actions(GT_STATUS_CLIENT_CREDENTIAL_REJECTED, "wrong", __LINE__);
    azure_pipelines(GT_STATUS_OK, values[8], __LINE__);
    azure_pipelines(GT_STATUS_CLIENT_CREDENTIAL_REJECTED, "wrong", __LINE__);
    callback(GT_STATUS_OK, GT_STATUS_OK, 0, __LINE__);
    callback(GT_STATUS_SIGNING_FAILED, 7, 0, __LINE__);
    callback(GT_STATUS_SIGNING_FAILED, GT_STATUS_OK, UINT64_MAX, __LINE__);
    callback(GT_STATUS_CANCELLED, GT_STATUS_CANCELLED, 0, __LINE__);
    callback(GT_STATUS_CREDENTIAL_MISSING, GT_STATUS_CREDENTIAL_MISSING, 0, __LINE__);
    return failures == 0 ? 0 : 1;
}
