/*
 * Handles of the wrong object, to every function of the interface that takes one.
 *
 *   handles
 *
 * Prints what is not as it should be and ends with 1 then. A freed handle is not tried: it is found only for as long as
 * its memory was not used again, and a program that reads freed memory is wrong anyway.
 */

#include <stdio.h>

#include "expect.h"
#include "graphtoken.h"

/* Live handles, each the wrong one for every function but its own. */
static gt_options *options;
static gt_cancel *cancel;

#define WRONG(call) EXPECT(GT_STATUS_INVALID_HANDLE, call)

/* A function that reads a value from a handle leaves the value alone. */
#define READS_NOTHING(type, function, object)                                                                          \
    do {                                                                                                               \
        type value;                                                                                                    \
        memset(&value, 7, sizeof value);                                                                               \
        WRONG(function((const object *)(const void *)options, &value));                                                \
        if (*(unsigned char *)&value != 7) {                                                                           \
            fail(__LINE__, #function " set a value");                                                                  \
        }                                                                                                              \
    } while (0)

#define AS(object) ((object *)(void *)options)

static void frees(void)
{
    gt_accounts_free(AS(gt_accounts));
    gt_assertion_free(AS(gt_assertion));
    gt_cached_tokens_free(AS(gt_cached_tokens));
    gt_cancel_free(AS(gt_cancel));
    gt_certificate_free(AS(gt_certificate));
    gt_certificate_search_free(AS(gt_certificate_search));
    gt_client_free(AS(gt_client));
    gt_credential_free(AS(gt_credential));
    gt_diagnosis_free(AS(gt_diagnosis));
    gt_error_free(AS(gt_error));
    gt_device_code_free(AS(gt_device_code));
    gt_sign_in_free(AS(gt_sign_in));
    gt_jwt_free(AS(gt_jwt));
    gt_token_store_free(AS(gt_token_store));
    gt_request_free(AS(gt_request));
    gt_token_free(AS(gt_token));
    gt_options_free((gt_options *)(void *)cancel);
}

static void readers(void)
{
    GtStr text = none;

    READS_NOTHING(uint64_t, gt_accounts_count, gt_accounts);
    READS_NOTHING(GtStr, gt_assertion_text, gt_assertion);
    READS_NOTHING(uint64_t, gt_cached_tokens_count, gt_cached_tokens);
    READS_NOTHING(GtStr, gt_cached_tokens_file, gt_cached_tokens);
    READS_NOTHING(GtStr, gt_certificate_subject, gt_certificate);
    READS_NOTHING(GtStr, gt_certificate_thumbprint_sha1, gt_certificate);
    READS_NOTHING(GtStr, gt_certificate_thumbprint_sha256, gt_certificate);
    READS_NOTHING(GtStr, gt_certificate_warning, gt_certificate);
    READS_NOTHING(int64_t, gt_certificate_not_before, gt_certificate);
    READS_NOTHING(int64_t, gt_certificate_not_after, gt_certificate);
    READS_NOTHING(uint32_t, gt_certificate_key_bits, gt_certificate);
    READS_NOTHING(GtStr, gt_client_token_endpoint, gt_client);
    READS_NOTHING(GtStr, gt_client_tenant, gt_client);
    READS_NOTHING(GtStr, gt_client_client_id, gt_client);
    READS_NOTHING(GtStr, gt_client_chosen, gt_client);
    READS_NOTHING(GtStr, gt_client_passed_over, gt_client);
    READS_NOTHING(GtStr, gt_client_warning, gt_client);
    READS_NOTHING(GtStr, gt_device_code_message, gt_device_code);
    READS_NOTHING(GtStr, gt_device_code_user_code, gt_device_code);
    READS_NOTHING(GtStr, gt_device_code_verification_uri, gt_device_code);
    READS_NOTHING(GtStr, gt_device_code_verification_uri_complete, gt_device_code);
    READS_NOTHING(GtStr, gt_device_code_link, gt_device_code);
    READS_NOTHING(int64_t, gt_device_code_expires_in, gt_device_code);
    READS_NOTHING(int64_t, gt_device_code_interval, gt_device_code);
    READS_NOTHING(GtStr, gt_sign_in_url, gt_sign_in);
    READS_NOTHING(GtStr, gt_sign_in_redirect_uri, gt_sign_in);
    READS_NOTHING(uint64_t, gt_diagnosis_count, gt_diagnosis);
    READS_NOTHING(GtStr, gt_error_message, gt_error);
    READS_NOTHING(GtStr, gt_error_hint, gt_error);
    READS_NOTHING(GtStr, gt_error_oauth_error, gt_error);
    READS_NOTHING(GtStr, gt_error_suberror, gt_error);
    READS_NOTHING(GtStr, gt_error_correlation_id, gt_error);
    READS_NOTHING(GtStr, gt_error_trace_id, gt_error);
    READS_NOTHING(GtStr, gt_error_claims, gt_error);
    READS_NOTHING(int32_t, gt_error_http_status, gt_error);
    READS_NOTHING(int64_t, gt_error_retry_after, gt_error);
    READS_NOTHING(uint64_t, gt_error_service_code_count, gt_error);
    READS_NOTHING(GtStr, gt_jwt_header, gt_jwt);
    READS_NOTHING(GtStr, gt_jwt_claims, gt_jwt);
    READS_NOTHING(GtStr, gt_token_access_token, gt_token);
    READS_NOTHING(GtStr, gt_token_refresh_token, gt_token);
    READS_NOTHING(GtStr, gt_token_id_token, gt_token);
    READS_NOTHING(GtStr, gt_token_token_type, gt_token);
    READS_NOTHING(GtStr, gt_token_scopes, gt_token);
    READS_NOTHING(GtStr, gt_token_username, gt_token);
    READS_NOTHING(GtStr, gt_token_tenant_id, gt_token);
    READS_NOTHING(GtStr, gt_token_client_id, gt_token);
    READS_NOTHING(GtStr, gt_token_correlation_id, gt_token);
    READS_NOTHING(int64_t, gt_token_expires_on, gt_token);
    READS_NOTHING(int64_t, gt_token_expires_in, gt_token);
    READS_NOTHING(int64_t, gt_token_refresh_on, gt_token);
    READS_NOTHING(int32_t, gt_token_source, gt_token);
    WRONG(gt_accounts_username(AS(gt_accounts), 0, &text));
    WRONG(gt_accounts_home_account_id(AS(gt_accounts), 0, &text));
    WRONG(gt_accounts_local_account_id(AS(gt_accounts), 0, &text));
    WRONG(gt_accounts_name(AS(gt_accounts), 0, &text));
    WRONG(gt_accounts_tenant(AS(gt_accounts), 0, &text));
    WRONG(gt_accounts_environment(AS(gt_accounts), 0, &text));
    WRONG(gt_accounts_authority_type(AS(gt_accounts), 0, &text));
    WRONG(gt_cached_tokens_tenant(AS(gt_cached_tokens), 0, &text));
    WRONG(gt_cached_tokens_client_id(AS(gt_cached_tokens), 0, &text));
    WRONG(gt_cached_tokens_environment(AS(gt_cached_tokens), 0, &text));
    WRONG(gt_cached_tokens_username(AS(gt_cached_tokens), 0, &text));
    WRONG(gt_cached_tokens_scopes(AS(gt_cached_tokens), 0, &text));
    WRONG(gt_diagnosis_check(AS(gt_diagnosis), 0, &text));
    WRONG(gt_diagnosis_detail(AS(gt_diagnosis), 0, &text));
    WRONG(gt_diagnosis_hint(AS(gt_diagnosis), 0, &text));
    WRONG(gt_diagnosis_detail_on(AS(gt_diagnosis), 0, GT_SURFACE_C, &text));
    WRONG(gt_diagnosis_hint_on(AS(gt_diagnosis), 0, GT_SURFACE_C, &text));
    WRONG(gt_error_message_on(AS(gt_error), GT_SURFACE_C, &text));
    WRONG(gt_error_hint_on(AS(gt_error), GT_SURFACE_C, &text));
}

static void others(void)
{
    int32_t outcome = 0;
    uint32_t code = 0;
    uint64_t index = 0;
    int64_t seconds = 0;

    WRONG(gt_diagnosis_status(AS(gt_diagnosis), 0, &outcome));
    WRONG(gt_error_service_code(AS(gt_error), 0, &code));
    if (gt_error_status(AS(gt_error)) != GT_STATUS_INVALID_HANDLE) {
        fail(__LINE__, "gt_error_status");
    }
    WRONG(gt_cancel_signal(AS(gt_cancel)));
    WRONG(gt_certificate_search_add(AS(gt_certificate_search), none, none, 1, &error));
    WRONG(gt_certificate_search_searched(AS(gt_certificate_search), none, none, &error));
    WRONG(gt_certificate_search_choose(AS(gt_certificate_search), &index, &error));
    WRONG(gt_certificate_search_key_refused(AS(gt_certificate_search), 0, none, &error));
    WRONG(gt_client_cache_failure(AS(gt_client), &error));
    WRONG(gt_options_set((gt_options *)(void *)cancel, text_of("cache"), text_of("none"), &error));
    WRONG(gt_options_set_token_store(options, AS(gt_token_store), &error));
    WRONG(gt_options_set_token_store((gt_options *)(void *)cancel, NULL, &error));
    WRONG(gt_cache_clear((const gt_options *)(const void *)cancel, &error));
    WRONG(gt_cache_remove((const gt_options *)(const void *)cancel, none, none, none, &index, &error));
    WRONG(gt_cached_tokens_is_for_user(AS(gt_cached_tokens), 0, &outcome));
    WRONG(gt_cached_tokens_expires_on(AS(gt_cached_tokens), 0, &seconds));
}

/* Functions that make a handle. */
static void makers(void)
{
    const GtStr tenant = text_of("contoso.onmicrosoft.com"), id = text_of("app");
    const gt_options *no_options = (const gt_options *)(const void *)cancel;
    const int32_t wrong = GT_STATUS_INVALID_HANDLE;

    REFUSES(wrong, gt_client, gt_client_new, tenant, id, AS(gt_credential), options);
    REFUSES(wrong, gt_client, gt_client_new, tenant, id, NULL, no_options);
    REFUSES(wrong, gt_credential, gt_credential_new_github_actions, no_options);
    REFUSES(wrong, gt_credential, gt_credential_new_azure_pipelines, id, no_options);
    REFUSES(wrong, gt_client, gt_client_new_managed_identity, no_options);
    REFUSES(wrong, gt_client, gt_client_new_environment, no_options);
    REFUSES(wrong, gt_client, gt_client_new_chain, no_options);
    REFUSES(wrong, gt_client, gt_client_new_developer_tool, text_of("az"), no_options);
    REFUSES(wrong, gt_credential, gt_credential_new_certificate, AS(gt_certificate));
    REFUSES(wrong, gt_request, gt_request_new_client_credentials, none, no_options);
    REFUSES(wrong, gt_request, gt_request_new_password, none, id, id, no_options);
    REFUSES(wrong, gt_request, gt_request_new_refresh_token, none, id, no_options);
    REFUSES(wrong, gt_request, gt_request_new_on_behalf_of, id, none, no_options);
    REFUSES(wrong, gt_device_code, gt_device_code_new, AS(gt_client), none, no_options, NULL);
    REFUSES(wrong, gt_request, gt_request_new_device_code, AS(gt_device_code), options);
    REFUSES(wrong, gt_accounts, gt_client_accounts, AS(gt_client));
    REFUSES(wrong, gt_request, gt_request_new_account, id, none, no_options);
    EXPECT(wrong, gt_client_sign_out(AS(gt_client), id, &error));
    REFUSES(wrong, gt_sign_in, gt_sign_in_new, AS(gt_client), none, no_options);
    REFUSES(wrong, gt_request, gt_request_new_sign_in, AS(gt_sign_in), options);
    EXPECT(wrong, gt_sign_in_open_browser(AS(gt_sign_in), &error));
    REFUSES(wrong, gt_token, gt_client_acquire, AS(gt_client), AS(gt_request), cancel);
    REFUSES(wrong, gt_token, gt_client_cached, AS(gt_client), AS(gt_request));
    REFUSES(wrong, gt_assertion, gt_client_assertion, AS(gt_client), cancel);
    REFUSES(wrong, gt_cached_tokens, gt_cached_tokens_new, no_options, none, none, none);
    REFUSES(wrong, gt_diagnosis, gt_diagnosis_new, tenant, id, AS(gt_credential), NULL, options, cancel);
    REFUSES(wrong, gt_diagnosis, gt_diagnosis_new, tenant, id, NULL, AS(gt_error), options, cancel);
    REFUSES(wrong, gt_diagnosis, gt_diagnosis_new, tenant, id, NULL, NULL, no_options, cancel);
    REFUSES(wrong, gt_diagnosis, gt_diagnosis_new, tenant, id, NULL, NULL, options, AS(gt_cancel));
    REFUSES(wrong, gt_diagnosis, gt_diagnosis_new_for_source, text_of("chain"), no_options, cancel);
    REFUSES(wrong, gt_diagnosis, gt_diagnosis_new_for_source, text_of("chain"), options, AS(gt_cancel));
}

/* The second and third handles of a function, behind a right one. */
static void later_arguments(void)
{
    const GtStr tenant = text_of("contoso.onmicrosoft.com");
    gt_client *client = NULL;
    gt_request *request = NULL;

    EXPECT(GT_STATUS_OK, gt_client_new(tenant, text_of("app"), NULL, options, &client, &error));
    EXPECT(GT_STATUS_OK, gt_request_new_client_credentials(none, options, &request, &error));
    REFUSES(GT_STATUS_INVALID_HANDLE, gt_token, gt_client_acquire, client, AS(gt_request), NULL);
    REFUSES(GT_STATUS_INVALID_HANDLE, gt_token, gt_client_acquire, client, request, AS(gt_cancel));
    REFUSES(GT_STATUS_INVALID_HANDLE, gt_token, gt_client_cached, client, AS(gt_request));
    REFUSES(GT_STATUS_INVALID_HANDLE, gt_assertion, gt_client_assertion, client, AS(gt_cancel));
    gt_request_free(request);
    gt_client_free(client);
}

int main(void)
{
    EXPECT(GT_STATUS_OK, gt_options_new(&options, &error));
    EXPECT(GT_STATUS_OK, gt_cancel_new(&cancel, &error));
    frees();
    readers();
    others();
    makers();
    later_arguments();
    /* Both are as they were. */
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("cache"), text_of("none"), &error));
    EXPECT(GT_STATUS_OK, gt_cancel_signal(cancel));
    gt_cancel_free(cancel);
    gt_options_free(options);
    return failures != 0;
}
