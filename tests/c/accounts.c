/*
 * A user who signed in gets tokens without signing in again, until signing out.
 *
 *   accounts TENANT CLIENT_ID OTHER_CLIENT_ID USER PASSWORD FOLDER
 *
 * Both applications are of the family, and FOLDER is for the file that they share. Ends with 1 when a call did not do
 * what it should.
 */

#include "expect.h"

static GtStr user;

static gt_client *client_with_file(const char *tenant, const char *client_id, const char *folder)
{
    gt_options *options = NULL;
    gt_client *client = NULL;

    EXPECT(GT_STATUS_OK, gt_options_new(&options, &error));
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("cache.name"), text_of("users"), &error));
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("cache.folder"), text_of(folder), &error));
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("cache.protection"), text_of("none"), &error));
    EXPECT(GT_STATUS_OK, gt_client_new(text_of(tenant), text_of(client_id), NULL, options, &client, &error));
    gt_options_free(options);
    return client;
}

/* Where the token of the account came from. */
static void silently(int32_t expected, int32_t source, const gt_client *client, GtStr account)
{
    gt_request *request = NULL;
    gt_token *token = NULL;
    int32_t found = -1;

    EXPECT(GT_STATUS_OK, gt_request_new_account(account, text_of("User.Read"), NULL, &request, &error));
    EXPECT(expected, gt_client_acquire(client, request, NULL, &token, &error));
    if (expected == GT_STATUS_OK) {
        EXPECT(GT_STATUS_OK, gt_token_source(token, &found));
        if (found != source) {
            fail(__LINE__, "the token comes from somewhere else");
        }
    }
    gt_token_free(token);
    gt_request_free(request);
}

static void sign_in(const gt_client *client, GtStr password)
{
    gt_request *request = NULL;
    gt_token *token = NULL;

    EXPECT(GT_STATUS_OK, gt_request_new_password(text_of("User.Read"), user, password, NULL, &request, &error));
    EXPECT(GT_STATUS_OK, gt_client_acquire(client, request, NULL, &token, &error));
    gt_token_free(token);
    gt_request_free(request);
}

static uint64_t count_of(const gt_client *client)
{
    gt_accounts *accounts = NULL;
    uint64_t count = 7;

    EXPECT(GT_STATUS_OK, gt_client_accounts(client, &accounts, &error));
    EXPECT(GT_STATUS_OK, gt_accounts_count(accounts, &count));
    gt_accounts_free(accounts);
    return count;
}

/* One account, which has all of its texts but a display name, and which each of its ids names. */
static void describes(const gt_client *client)
{
    gt_accounts *accounts = NULL;
    GtStr text = none;

    EXPECT(GT_STATUS_OK, gt_client_accounts(client, &accounts, &error));
    EXPECT(GT_STATUS_OK, gt_accounts_username(accounts, 0, &text));
    if (text.len != user.len || memcmp(text.data, user.data, text.len) != 0) {
        fail(__LINE__, "the account is of another user");
    }
    EXPECT(GT_STATUS_OK, gt_accounts_authority_type(accounts, 0, &text));
    if (text.len != 5 || memcmp(text.data, "MSSTS", 5) != 0) {
        fail(__LINE__, "the account is of another kind");
    }
    EXPECT(GT_STATUS_OK, gt_accounts_tenant(accounts, 0, &text));
    EXPECT(GT_STATUS_OK, gt_accounts_environment(accounts, 0, &text));
    if (text.len == 0) {
        fail(__LINE__, "the account has no environment");
    }
    EXPECT(GT_STATUS_OK, gt_accounts_name(accounts, 0, &text));
    EXPECT(GT_STATUS_OK, gt_accounts_local_account_id(accounts, 0, &text));
    silently(GT_STATUS_OK, GT_TOKEN_SOURCE_KIND_CACHE, client, text);
    EXPECT(GT_STATUS_OK, gt_accounts_home_account_id(accounts, 0, &text));
    silently(GT_STATUS_OK, GT_TOKEN_SOURCE_KIND_CACHE, client, text);
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_accounts_username(accounts, 1, &text));
    gt_accounts_free(accounts);
}

int main(int count, char **values)
{
    gt_client *client, *other;

    if (count != 7) {
        fprintf(stderr, "six arguments are needed\n");
        return 2;
    }
    user = text_of(values[4]);
    client = client_with_file(values[1], values[2], values[6]);
    other = client_with_file(values[1], values[3], values[6]);
    silently(GT_STATUS_INTERACTION_REQUIRED, 0, client, none);
    silently(GT_STATUS_INTERACTION_REQUIRED, 0, client, user);
    if (count_of(client) != 0) {
        fail(__LINE__, "somebody has signed in");
    }
    sign_in(client, text_of(values[5]));
    silently(GT_STATUS_OK, GT_TOKEN_SOURCE_KIND_CACHE, client, none);
    silently(GT_STATUS_OK, GT_TOKEN_SOURCE_KIND_CACHE, client, user);
    describes(client);
    silently(GT_STATUS_OK, GT_TOKEN_SOURCE_KIND_NETWORK, other, user);
    silently(GT_STATUS_OK, GT_TOKEN_SOURCE_KIND_CACHE, other, none);

    EXPECT(GT_STATUS_OK, gt_client_sign_out(other, text_of("nobody@contoso.com"), &error));
    EXPECT(GT_STATUS_OK, gt_client_sign_out(other, user, &error));
    silently(GT_STATUS_INTERACTION_REQUIRED, 0, client, user);
    if (count_of(client) != 0) {
        fail(__LINE__, "the user is still signed in");
    }
    gt_client_free(client);
    gt_client_free(other);
    return failures == 0 ? 0 : 1;
}
