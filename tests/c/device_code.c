/*
 * A user signs in on another device.
 *
 *   device_code TENANT PUBLIC_CLIENT_ID
 *
 * TENANT names an emulator whose devices poll each second. Prints each code on a line of its own, in this order: one
 * that nobody enters, one to accept, one to decline. Ends with 1 when a call did not do what it should.
 */

#include "acquire_for_user.h"

static gt_client *client;

/* A new code, printed. */
static gt_device_code *code_for_user(void)
{
    gt_device_code *code = NULL;
    GtStr text = none, message = none;

    EXPECT(GT_STATUS_OK, gt_device_code_new(client, text_of("User.Read"), NULL, NULL, &code, &error));
    EXPECT(GT_STATUS_OK, gt_device_code_user_code(code, &text));
    EXPECT(GT_STATUS_OK, gt_device_code_message(code, &message));
    printf("%.*s\n", (int)text.len, (const char *)text.data);
    fflush(stdout);
    if (text.len == 0 || message.len <= text.len) {
        fail(__LINE__, "there is no code or no message");
    }
    return code;
}

static gt_request *request_for(const gt_device_code *code, const char *seconds)
{
    gt_options *options = NULL;
    gt_request *request = NULL;

    EXPECT(GT_STATUS_OK, gt_options_new(&options, &error));
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("timeout_seconds"), text_of(seconds), &error));
    EXPECT(GT_STATUS_OK, gt_request_new_device_code(code, options, &request, &error));
    gt_options_free(options);
    return request;
}

/* The wait for a code that nobody enters ends with the time limit, or when it is cancelled. */
static void nobody(void)
{
    gt_device_code *code = code_for_user();
    gt_request *request = request_for(code, "1");
    gt_cancel *cancel = NULL;
    gt_token *token = NULL;
    int64_t seconds = 0;
    GtStr text = none;

    EXPECT(GT_STATUS_OK, gt_device_code_interval(code, &seconds));
    if (seconds != 1) {
        fail(__LINE__, "the interval is not that of the service");
    }
    EXPECT(GT_STATUS_OK, gt_device_code_expires_in(code, &seconds));
    if (seconds < 800 || seconds > 900) {
        fail(__LINE__, "the code does not live for 15 minutes");
    }
    EXPECT(GT_STATUS_OK, gt_device_code_verification_uri(code, &text));
    EXPECT(GT_STATUS_OK, gt_device_code_link(code, &text));
    if (text.len == 0) {
        fail(__LINE__, "an address of this machine is no link");
    }
    EXPECT(GT_STATUS_OK, gt_device_code_verification_uri_complete(code, &text));
    if (text.len != 0) {
        fail(__LINE__, "there is a complete address");
    }
    EXPECT(GT_STATUS_REQUEST_TIMEOUT, gt_client_acquire(client, request, NULL, &token, &error));
    EXPECT(GT_STATUS_OK, gt_cancel_new(&cancel, &error));
    EXPECT(GT_STATUS_OK, gt_cancel_signal(cancel));
    EXPECT(GT_STATUS_CANCELLED, gt_client_acquire(client, request, cancel, &token, &error));
    gt_cancel_free(cancel);
    gt_request_free(request);
    gt_device_code_free(code);
}

static void somebody(int32_t expected)
{
    gt_device_code *code = code_for_user();
    gt_request *request = request_for(code, "60");

    gt_device_code_free(code);
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
