/*
 * Tokens for the managed identity of a machine.
 *
 *   identity ADDRESS CLIENT_ID OBJECT_ID RESOURCE_ID SECRET
 *
 * ADDRESS is that of an emulator with its own identity and with the one that the ids name, and SECRET the one that it
 * demands of programs in App Service. Ends with 1 when a call did not do what it should.
 */

#include "expect.h"

#include <stdlib.h>

static gt_options *options_with(const char *key, const char *value)
{
    gt_options *options = NULL;

    EXPECT(GT_STATUS_OK, gt_options_new(&options, &error));
    if (key != NULL) {
        EXPECT(GT_STATUS_OK, gt_options_set(options, text_of(key), text_of(value), &error));
    }
    return options;
}

/* Asks the machine for a token, and returns it; NULL when that is refused. The options are freed. */
static gt_token *token_of(gt_options *options, const char *scope, int32_t expected)
{
    gt_client *client = NULL;
    gt_request *request = NULL;
    gt_token *token = NULL;
    gt_token *again = NULL;

    EXPECT(GT_STATUS_OK, gt_client_new_managed_identity(options, &client, &error));
    gt_options_free(options);
    EXPECT(GT_STATUS_OK, gt_request_new_client_credentials(text_of(scope), NULL, &request, &error));
    EXPECT(expected, gt_client_acquire(client, request, NULL, &token, &error));
    EXPECT(GT_STATUS_OK, gt_client_cached(client, request, &again, &error));
    if ((token == NULL) != (again == NULL)) {
        fail(__LINE__, "the token is not in the cache");
    }
    gt_token_free(again);
    gt_request_free(request);
    gt_client_free(client);
    return token;
}

static void identity(const char *key, const char *value, const char *client_id)
{
    gt_token *token = token_of(options_with(key, value), "https://vault.azure.net/.default", GT_STATUS_OK);
    GtStr text = {NULL, 0};

    EXPECT(GT_STATUS_OK, gt_token_access_token(token, &text));
    if (text.len == 0) {
        fail(__LINE__, "the token is empty");
    }
    EXPECT(GT_STATUS_OK, gt_token_client_id(token, &text));
    if (client_id != NULL && (text.len != strlen(client_id) || memcmp(text.data, client_id, strlen(client_id)) != 0)) {
        fail(__LINE__, "the token is for another identity");
    }
    gt_token_free(token);
}

/* The variables of App Service, given by the program and not by its environment. */
static void app_service(const char *address, const char *secret)
{
    char block[512];
    GtStr text;
    gt_options *options = options_with(NULL, NULL);
    int length = snprintf(block, sizeof block, "IDENTITY_ENDPOINT=%s/app-service/msi/token%cIDENTITY_HEADER=%s%c",
                          address, 0, secret, 0);

    text.data = (const uint8_t *)block;
    text.len = (uint64_t)length;
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("identity.variables"), text, &error));
    gt_token_free(token_of(options, "https://vault.azure.net/.default", GT_STATUS_OK));
}

int main(int count, char **values)
{
    if (count < 6) {
        fprintf(stderr, "five arguments are needed\n");
        return 2;
    }
    identity(NULL, NULL, NULL);
    identity("identity.source", "imds", NULL);
    identity("identity.client_id", values[2], values[2]);
    identity("identity.object_id", values[3], values[2]);
    identity("identity.resource_id", values[4], values[2]);
    app_service(values[1], values[5]);
    gt_token_free(token_of(options_with(NULL, NULL), "User.Read", GT_STATUS_INVALID_ARGUMENT));
    gt_token_free(token_of(options_with("identity.client_id", values[3]), "https://vault.azure.net/.default",
                           GT_STATUS_CLIENT_CREDENTIAL_REJECTED));
    return failures == 0 ? 0 : 1;
}
