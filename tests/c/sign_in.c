/*
 * A user signs in in a web browser.
 *
 *   sign_in TENANT PUBLIC_CLIENT_ID
 *
 * TENANT names an emulator. Prints the address of each sign-in on a line of its own, in this order: one that nobody
 * opens, one to accept, one to decline. The variable BROWSER names a program, which is started with the first address.
 * Ends with 1 when a call did not do what it should.
 */

#include "acquire_for_user.h"

static gt_client *client;

/* Options with one of them set. */
static gt_options *with(const char *key, const char *value)
{
    gt_options *options = NULL;

    EXPECT(GT_STATUS_OK, gt_options_new(&options, &error));
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of(key), text_of(value), &error));
    return options;
}

/* A new sign-in, its address printed. */
static gt_sign_in *sign_in_for_user(void)
{
    gt_sign_in *sign_in = NULL;
    GtStr text = none;

    EXPECT(GT_STATUS_OK, gt_sign_in_new(client, text_of("User.Read"), NULL, &sign_in, &error));
    EXPECT(GT_STATUS_OK, gt_sign_in_url(sign_in, &text));
    printf("%.*s\n", (int)text.len, (const char *)text.data);
    fflush(stdout);
    return sign_in;
}

static gt_request *request_for(const gt_sign_in *sign_in, const char *seconds)
{
    gt_options *options = with("timeout_seconds", seconds);
    gt_request *request = NULL;

    EXPECT(GT_STATUS_OK, gt_request_new_sign_in(sign_in, options, &request, &error));
    gt_options_free(options);
    return request;
}

/* The same port serves one sign-in at a time. */
static void port_in_use(const gt_sign_in *sign_in)
{
    GtStr text = none;
    char port[8] = {0};
    gt_options *options;

    EXPECT(GT_STATUS_OK, gt_sign_in_redirect_uri(sign_in, &text));
    if (text.len < 18 || text.len > 22 || memcmp(text.data, "http://localhost:", 17) != 0) {
        fail(__LINE__, "the redirect URI is not http://localhost:PORT");
        return;
    }
    memcpy(port, text.data + 17, text.len - 17);
    options = with("redirect.port", port);
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_sign_in, gt_sign_in_new, client, none, options);
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_options_set(options, text_of("redirect.port"), text_of("0"), &error));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_options_set(options, text_of("prompt"), text_of("shout"), &error));
    gt_options_free(options);
}

/* The wait for a user who does not come ends with the time limit, or when it is cancelled. */
static void nobody(void)
{
    gt_sign_in *sign_in = sign_in_for_user();
    gt_request *request = request_for(sign_in, "1");
    gt_cancel *cancel = NULL;
    gt_token *token = NULL;

    port_in_use(sign_in);
    EXPECT(GT_STATUS_OK, gt_sign_in_open_browser(sign_in, &error));
    EXPECT(GT_STATUS_REQUEST_TIMEOUT, gt_client_acquire(client, request, NULL, &token, &error));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_client_acquire(client, request, NULL, &token, &error));
    gt_request_free(request);
    gt_sign_in_free(sign_in);

    EXPECT(GT_STATUS_OK, gt_sign_in_new(client, none, NULL, &sign_in, &error));
    request = request_for(sign_in, "60");
    EXPECT(GT_STATUS_OK, gt_cancel_new(&cancel, &error));
    EXPECT(GT_STATUS_OK, gt_cancel_signal(cancel));
    EXPECT(GT_STATUS_CANCELLED, gt_client_acquire(client, request, cancel, &token, &error));
    gt_cancel_free(cancel);
    gt_request_free(request);
    gt_sign_in_free(sign_in);
}

static void somebody(int32_t expected)
{
    gt_sign_in *sign_in = sign_in_for_user();
    gt_request *request = request_for(sign_in, "60");

    gt_sign_in_free(sign_in);
    acquire_for_user(client, request, expected);
}

int main(int count, char **values)
{
    if (count != 3) {
        fprintf(stderr, "two arguments are needed\n");
        return 2;
    }
    EXPECT(GT_STATUS_OK, gt_client_new(text_of(values[1]), text_of(values[2]), NULL, NULL, &client, &error));
    nobody();
    somebody(GT_STATUS_OK);
    somebody(GT_STATUS_SERVICE_REJECTED);
    gt_client_free(client);
    return failures == 0 ? 0 : 1;
}
