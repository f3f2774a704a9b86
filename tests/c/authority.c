/*
 * Authorities that are no tenant of Entra, regions, and what is refused before anything is sent.
 *
 *   authority EMULATOR TENANT CLIENT_ID SECRET PROXY CA_FILE REGION EXTERNAL USER_FLOW
 *
 * EMULATOR is the address of an emulator, and PROXY that of another one, which serves hosts of Microsoft: the one of REGION,
 * EXTERNAL and USER_FLOW, but not login.microsoftonline.com. CA_FILE has its CA. Ends with 1 when something is not as it
 * should be.
 */

#include "expect.h"

static char **arguments;

static gt_options *options_of(const char *authority, const char *type, const char *region)
{
    gt_options *options = NULL;

    EXPECT(GT_STATUS_OK, gt_options_new(&options, &error));
    if (authority != NULL) {
        EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("authority"), text_of(authority), &error));
    }
    if (type != NULL) {
        EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("authority.type"), text_of(type), &error));
    }
    if (region != NULL) {
        EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("authority.region"), text_of(region), &error));
    }
    return options;
}

/* The same, through the emulator that is its own proxy. */
static gt_options *through_proxy(const char *authority, const char *region)
{
    gt_options *options = options_of(authority, NULL, region);

    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("http.proxy"), text_of(arguments[5]), &error));
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("http.no_proxy"), none, &error));
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("http.ca_file"), text_of(arguments[6]), &error));
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("http.retries"), text_of("0"), &error));
    return options;
}

/* A client with the options, which it frees; NULL when it is refused as expected. */
static gt_client *client_of(int32_t expected, gt_options *options, const char *tenant, int line)
{
    gt_credential *credential = NULL;
    gt_client *client = NULL;

    EXPECT(GT_STATUS_OK, gt_credential_new_secret(text_of(arguments[4]), &credential, &error));
    expect(expected,
           gt_client_new(text_of(tenant), text_of(arguments[3]), credential, options, &client, &error),
           "gt_client_new", line);
    gt_credential_free(credential);
    gt_options_free(options);
    return client;
}

/* Asks for a token of the application, and frees the client. */
static void acquire(int32_t expected, gt_client *client, const char *scopes, int line)
{
    gt_request *request = NULL;
    gt_token *token = NULL;

    EXPECT(GT_STATUS_OK, gt_request_new_client_credentials(text_of(scopes), NULL, &request, &error));
    expect(expected, gt_client_acquire(client, request, NULL, &token, &error), "gt_client_acquire", line);
    gt_token_free(token);
    gt_request_free(request);
    gt_client_free(client);
}

/* Asks for a token of a user with a password, and frees the client. */
static void acquire_for_user(int32_t expected, gt_client *client, int line)
{
    gt_request *request = NULL;
    gt_token *token = NULL;

    EXPECT(GT_STATUS_OK,
           gt_request_new_password(text_of("User.Read"), text_of("alice@contoso.com"), text_of("x"), NULL, &request, &error));
    expect(expected, gt_client_acquire(client, request, NULL, &token, &error), "gt_client_acquire", line);
    gt_token_free(token);
    gt_request_free(request);
    gt_client_free(client);
}

static void expect_no_device_code(gt_client *client, int line)
{
    gt_device_code *device_code = NULL;

    expect(GT_STATUS_INVALID_ARGUMENT,
           gt_device_code_new(client, text_of("User.Read"), NULL, NULL, &device_code, &error), "gt_device_code_new", line);
    gt_client_free(client);
}

int main(int argument_count, char **given)
{
    char address[1024], flow[1024], issuer[1024], tenant[1024];

    arguments = given;
    if (argument_count != 10) {
        fprintf(stderr, "usage: see the top of authority.c\n");
        return 2;
    }
    snprintf(address, sizeof address, "%s/adfs", arguments[1]);
    snprintf(flow, sizeof flow, "%s/%s/B2C_1_SignIn", arguments[1], arguments[2]);
    snprintf(issuer, sizeof issuer, "%s/oidc", arguments[1]);
    snprintf(tenant, sizeof tenant, "%s/%s", arguments[1], arguments[2]);

    /* Each kind of authority. */
    acquire(GT_STATUS_OK, client_of(GT_STATUS_OK, options_of(address, NULL, NULL), "", __LINE__), "", __LINE__);
    acquire(GT_STATUS_OK, client_of(GT_STATUS_OK, options_of(flow, "b2c", NULL), "", __LINE__), "api://x/.default", __LINE__);
    acquire(GT_STATUS_OK, client_of(GT_STATUS_OK, options_of(issuer, "oidc", NULL), "", __LINE__), "read", __LINE__);
    acquire(GT_STATUS_OK, client_of(GT_STATUS_OK, options_of(tenant, "ciam", NULL), "", __LINE__), "", __LINE__);
    acquire(GT_STATUS_OK, client_of(GT_STATUS_OK, through_proxy(arguments[8], NULL), "", __LINE__), "", __LINE__);
    acquire(GT_STATUS_OK, client_of(GT_STATUS_OK, through_proxy(arguments[9], NULL), "", __LINE__), "api://x/.default",
            __LINE__);
    /* A tenant of Entra does not describe itself as an issuer does. */
    acquire(GT_STATUS_MALFORMED_RESPONSE, client_of(GT_STATUS_OK, options_of(tenant, "oidc", NULL), "", __LINE__), "",
            __LINE__);

    /* The region answers; the authority itself would not. */
    acquire(GT_STATUS_OK, client_of(GT_STATUS_OK, through_proxy(NULL, arguments[7]), arguments[2], __LINE__), "", __LINE__);
    acquire(GT_STATUS_PROXY_FAILED, client_of(GT_STATUS_OK, through_proxy(NULL, NULL), arguments[2], __LINE__), "", __LINE__);

    /* Refused before anything is sent. */
    acquire(GT_STATUS_INVALID_ARGUMENT, client_of(GT_STATUS_OK, options_of(flow, "b2c", NULL), "", __LINE__), "", __LINE__);
    acquire(GT_STATUS_INVALID_ARGUMENT, client_of(GT_STATUS_OK, NULL, "common", __LINE__), "", __LINE__);
    acquire(GT_STATUS_INVALID_ARGUMENT, client_of(GT_STATUS_OK, NULL, "consumers", __LINE__), "", __LINE__);
    acquire_for_user(GT_STATUS_INVALID_ARGUMENT, client_of(GT_STATUS_OK, NULL, "common", __LINE__), __LINE__);
    acquire_for_user(GT_STATUS_INVALID_ARGUMENT,
                     client_of(GT_STATUS_OK, options_of(NULL, NULL, "westeurope"), arguments[2], __LINE__), __LINE__);
    expect_no_device_code(client_of(GT_STATUS_OK, options_of(flow, "b2c", NULL), "", __LINE__), __LINE__);
    client_of(GT_STATUS_INVALID_ARGUMENT, options_of(address, NULL, "westeurope"), "", __LINE__);
    client_of(GT_STATUS_INVALID_AUTHORITY, options_of(NULL, "oidc", NULL), arguments[2], __LINE__);
    client_of(GT_STATUS_INVALID_AUTHORITY, options_of(tenant, "adfs", NULL), "", __LINE__);
    return failures == 0 ? 0 : 1;
}
