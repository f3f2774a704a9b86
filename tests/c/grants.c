/*
 * Each grant with each credential.
 *
 *   grants TENANT CLIENT_ID PUBLIC_CLIENT_ID CERTIFICATE_FILE SECRET_FILE USER PASSWORD_FILE [CA_FILE]
 *
 * TENANT names an emulator that knows the application by certificate and secret, a public application, and the user.
 * CA_FILE holds the only authorities to trust. Ends with 1 when a call did not do what it should.
 */

#include "expect.h"

#include <stdlib.h>

/* What proves the application. */
typedef enum Proof { CERTIFICATE, SECRET, ASSERTION, NOTHING, PROOFS } Proof;

static char **arguments;
static const gt_options *options;

/* The contents of a file; it is small. */
static GtStr contents_of(const char *path, char *buffer, size_t size)
{
    GtStr text = {NULL, 0};
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        fprintf(stderr, "%s cannot be opened\n", path);
        exit(2);
    }
    text.data = (const uint8_t *)buffer;
    text.len = fread(buffer, 1, size, file);
    fclose(file);
    return text;
}

static gt_credential *certificate_credential(void)
{
    gt_certificate *certificate = NULL;
    gt_credential *credential = NULL;

    EXPECT(GT_STATUS_OK, gt_certificate_new_from_file(text_of(arguments[4]), none, none, &certificate, &error));
    EXPECT(GT_STATUS_OK, gt_credential_new_certificate(certificate, &credential, &error));
    gt_certificate_free(certificate);
    return credential;
}

static gt_client *client_with(const gt_credential *credential, const char *client_id)
{
    gt_client *client = NULL;

    EXPECT(GT_STATUS_OK, gt_client_new(text_of(arguments[1]), text_of(client_id), credential, options, &client, &error));
    return client;
}

/* An assertion that was signed elsewhere: here by a client of its own. It may be sent once. */
static gt_credential *assertion_credential(void)
{
    gt_credential *signing = certificate_credential();
    gt_client *signer = client_with(signing, arguments[2]);
    gt_assertion *assertion = NULL;
    gt_credential *credential = NULL;
    GtStr text = {NULL, 0};

    EXPECT(GT_STATUS_OK, gt_client_assertion(signer, NULL, &assertion, &error));
    EXPECT(GT_STATUS_OK, gt_assertion_text(assertion, &text));
    EXPECT(GT_STATUS_OK, gt_credential_new_assertion(text, &credential, &error));
    gt_assertion_free(assertion);
    gt_client_free(signer);
    gt_credential_free(signing);
    return credential;
}

static gt_client *client_for(Proof proof)
{
    char secret[256];
    gt_credential *credential = NULL;
    gt_client *client;

    switch (proof) {
    case CERTIFICATE:
        credential = certificate_credential();
        break;
    case SECRET:
        EXPECT(GT_STATUS_OK,
               gt_credential_new_secret(contents_of(arguments[5], secret, sizeof secret), &credential, &error));
        break;
    case ASSERTION:
        credential = assertion_credential();
        break;
    default:
        break;
    }
    client = client_with(credential, arguments[proof == NOTHING ? 3 : 2]);
    gt_credential_free(credential);
    return client;
}

/* A token for the request, which is freed, from a client with this proof. */
static gt_token *token_for(Proof proof, gt_request *request, int32_t expected)
{
    gt_client *client = client_for(proof);
    gt_token *token = NULL;
    GtStr text = {NULL, 0};

    EXPECT(expected, gt_client_acquire(client, request, NULL, &token, &error));
    if (expected == GT_STATUS_OK) {
        EXPECT(GT_STATUS_OK, gt_token_access_token(token, &text));
        if (text.len == 0) {
            fail(__LINE__, "the token is empty");
        }
    }
    gt_request_free(request);
    gt_client_free(client);
    return token;
}

static void application(Proof proof)
{
    gt_request *request = NULL;

    EXPECT(GT_STATUS_OK, gt_request_new_client_credentials(none, NULL, &request, &error));
    gt_token_free(token_for(proof, request, proof == NOTHING ? GT_STATUS_CREDENTIAL_MISSING : GT_STATUS_OK));
}

static void user(Proof proof)
{
    char password[256];
    GtStr scopes = text_of("User.Read");
    GtStr refresh_token = {NULL, 0};
    gt_request *request = NULL;
    gt_token *token;

    EXPECT(GT_STATUS_OK,
           gt_request_new_password(scopes, text_of(arguments[6]), contents_of(arguments[7], password, sizeof password),
                                   NULL, &request, &error));
    token = token_for(proof, request, GT_STATUS_OK);
    EXPECT(GT_STATUS_OK, gt_token_refresh_token(token, &refresh_token));
    request = NULL;
    EXPECT(GT_STATUS_OK, gt_request_new_refresh_token(scopes, refresh_token, NULL, &request, &error));
    gt_token_free(token_for(proof, request, GT_STATUS_OK));
    gt_token_free(token);
}

/* An access token of the user for the application, which a public client gets. */
static gt_token *token_for_application(void)
{
    char password[256];
    char scope[256];
    gt_request *request = NULL;

    snprintf(scope, sizeof scope, "api://%s/access_as_user", arguments[2]);
    EXPECT(GT_STATUS_OK,
           gt_request_new_password(text_of(scope), text_of(arguments[6]),
                                   contents_of(arguments[7], password, sizeof password), NULL, &request, &error));
    return token_for(NOTHING, request, GT_STATUS_OK);
}

static void on_behalf_of(Proof proof)
{
    gt_token *assertion = token_for_application();
    GtStr text = {NULL, 0};
    GtStr refresh_token = {NULL, 0};
    gt_request *request = NULL;
    gt_token *token;

    EXPECT(GT_STATUS_OK, gt_token_access_token(assertion, &text));
    EXPECT(GT_STATUS_OK, gt_request_new_on_behalf_of(text, text_of("User.Read"), NULL, &request, &error));
    token = token_for(proof, request, proof == NOTHING ? GT_STATUS_INVALID_ARGUMENT : GT_STATUS_OK);
    if (token != NULL) {
        EXPECT(GT_STATUS_OK, gt_token_refresh_token(token, &refresh_token));
        if (refresh_token.len != 0) {
            fail(__LINE__, "there is a refresh token");
        }
    }
    gt_token_free(token);
    gt_token_free(assertion);
}

/* A claims challenge of an API: the new token replaces the one in the cache. */
static void challenge(void)
{
    static const char header[] = "Bearer error=\"insufficient_claims\", "
                                 "claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7InZhbHVlIjoiMTYwNDEwNjY1MSJ9fX0=\"";
    gt_client *client = client_for(SECRET);
    gt_options *challenged = NULL;
    gt_request *requests[2] = {NULL, NULL};
    /* Cached and challenged by turns: a new one, another one, the same again. */
    static const int order[] = {0, 1, 0};
    char last[2][4096] = {"", ""};
    size_t i;

    EXPECT(GT_STATUS_OK, gt_options_new(&challenged, &error));
    EXPECT(GT_STATUS_INVALID_ARGUMENT,
           gt_options_set(challenged, text_of("challenge"), text_of("Bearer error=\"invalid_token\""), &error));
    EXPECT(GT_STATUS_OK, gt_options_set(challenged, text_of("challenge"), text_of(header), &error));
    EXPECT(GT_STATUS_OK, gt_request_new_client_credentials(none, NULL, &requests[0], &error));
    EXPECT(GT_STATUS_OK, gt_request_new_client_credentials(none, challenged, &requests[1], &error));
    for (i = 0; i < sizeof order / sizeof *order; i++) {
        gt_token *token = NULL;
        GtStr text = {NULL, 0};

        EXPECT(GT_STATUS_OK, gt_client_acquire(client, requests[order[i]], NULL, &token, &error));
        EXPECT(GT_STATUS_OK, gt_token_access_token(token, &text));
        memcpy(last[0], last[1], sizeof last[0]);
        snprintf(last[1], sizeof last[1], "%.*s", (int)text.len, (const char *)text.data);
        if ((strcmp(last[0], last[1]) == 0) != (i == 2)) {
            fail(__LINE__, "the refused token came back, or the cache was not used");
        }
        gt_token_free(token);
    }
    gt_request_free(requests[0]);
    gt_request_free(requests[1]);
    gt_options_free(challenged);
    gt_client_free(client);
}

int main(int count, char **values)
{
    gt_options *settings = NULL;
    int proof;

    if (count < 8) {
        fprintf(stderr, "eight arguments are needed\n");
        return 2;
    }
    arguments = values;
    EXPECT(GT_STATUS_OK, gt_options_new(&settings, &error));
    if (count > 8) {
        EXPECT(GT_STATUS_OK, gt_options_set(settings, text_of("http.ca_file"), text_of(values[8]), &error));
    }
    options = settings;
    for (proof = CERTIFICATE; proof < PROOFS; proof++) {
        application((Proof)proof);
        user((Proof)proof);
        on_behalf_of((Proof)proof);
    }
    challenge();
    gt_options_free(settings);
    return failures == 0 ? 0 : 1;
}
