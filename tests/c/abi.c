/*
 * NULL, empty and malformed arguments to every function of the interface.
 *
 *   abi TENANT CLIENT_ID CERTIFICATE_FILE
 *
 * Compiled with VERSION, the library's version as text, and with TEST_HOOKS when the library has that feature.
 *
 * TENANT names an emulator that knows the application by the certificate. Prints what is not as it should be and ends
 * with 1 then.
 */

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "expect.h"
#include "graphtoken.h"

static void frees_of_null(void)
{
    gt_assertion_free(NULL);
    gt_cancel_free(NULL);
    gt_certificate_free(NULL);
    gt_certificate_search_free(NULL);
    gt_client_free(NULL);
    gt_credential_free(NULL);
    gt_diagnosis_free(NULL);
    gt_error_free(NULL);
    gt_jwt_free(NULL);
    gt_options_free(NULL);
    gt_token_store_free(NULL);
    gt_request_free(NULL);
    gt_token_free(NULL);
}

static void version(void)
{
    uint32_t abi = 0;
    GtStr text = none;

    EXPECT(GT_STATUS_OK, gt_version(&abi, &text));
    if (abi != GT_ABI_VERSION || text.len != strlen(VERSION) || memcmp(text.data, VERSION, (size_t)text.len) != 0) {
        fail(__LINE__, "gt_version does not tell the version");
    }
    EXPECT(GT_STATUS_NULL_POINTER, gt_version(NULL, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_version(&abi, NULL));
}

static void errors(void)
{
    gt_credential *credential = NULL;
    gt_error *kept = NULL;
    uint32_t code = 0;
    int32_t surface;
    GtStr text;
    const BadText *bad;

    if (gt_credential_new_secret(none, &credential, &kept) != GT_STATUS_CREDENTIAL_MISSING || kept == NULL) {
        fail(__LINE__, "no error object");
        return;
    }
    if (gt_error_status(NULL) != GT_STATUS_NULL_POINTER) {
        fail(__LINE__, "gt_error_status(NULL)");
    }
    READS_TEXT(gt_error_message, kept);
    READS_TEXT(gt_error_hint, kept);
    for (surface = GT_SURFACE_C; surface <= GT_SURFACE_COMMAND; surface++) {
        EXPECT(GT_STATUS_OK, gt_error_message_on(kept, surface, &text));
        EXPECT(GT_STATUS_OK, gt_error_hint_on(kept, surface, &text));
    }
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_error_message_on(kept, surface, &text));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_error_hint_on(kept, -1, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_error_message_on(NULL, GT_SURFACE_C, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_error_message_on(kept, GT_SURFACE_C, NULL));
    EXPECT(GT_STATUS_NULL_POINTER, gt_error_hint_on(NULL, GT_SURFACE_C, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_error_hint_on(kept, GT_SURFACE_C, NULL));
    READS_TEXT(gt_error_oauth_error, kept);
    READS_TEXT(gt_error_suberror, kept);
    READS_TEXT(gt_error_correlation_id, kept);
    READS_TEXT(gt_error_trace_id, kept);
    READS_TEXT(gt_error_claims, kept);
    READS(int32_t, gt_error_http_status, kept);
    READS(int64_t, gt_error_retry_after, kept);
    READS(uint64_t, gt_error_service_code_count, kept);
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_error_service_code(kept, 0, &code));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_error_service_code(kept, UINT64_MAX, &code));
    EXPECT(GT_STATUS_NULL_POINTER, gt_error_service_code(NULL, 0, &code));
    EXPECT(GT_STATUS_NULL_POINTER, gt_error_service_code(kept, 0, NULL));
    gt_error_free(kept);
    kept = NULL;
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_error, gt_error_new, GT_STATUS_OK, text_of("fine"), none);
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_error, gt_error_new, 99, text_of("unknown"), none);
    EACH_BAD_TEXT(bad) {
        REFUSES(bad->status, gt_error, gt_error_new, GT_STATUS_CERTIFICATE_NOT_FOUND, bad->text, none);
        REFUSES(bad->status, gt_error, gt_error_new, GT_STATUS_CERTIFICATE_NOT_FOUND, none, bad->text);
    }
}

/* The tokens of the process, of which there are none. */
static void caches(const gt_options *settings)
{
    gt_cached_tokens *list = NULL;
    uint64_t count = 7;
    int64_t seconds = 0;
    int32_t flag = 0;
    GtStr text = none;
    const BadText *bad;

    EXPECT(GT_STATUS_OK, gt_cache_remove(settings, none, text_of("app"), none, &count, &error));
    EXPECT(GT_STATUS_OK, gt_cache_remove(NULL, none, none, none, &count, NULL));
    if (count != 0) {
        fail(__LINE__, "a token was removed");
    }
    EXPECT(GT_STATUS_NULL_POINTER, gt_cache_remove(settings, none, none, none, NULL, &error));
    EXPECT(GT_STATUS_OK, gt_cached_tokens_new(NULL, none, none, none, &list, &error));
    READS(uint64_t, gt_cached_tokens_count, list);
    READS_TEXT(gt_cached_tokens_file, list);
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_cached_tokens_tenant(list, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_cached_tokens_tenant(NULL, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_cached_tokens_tenant(list, 0, NULL));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_cached_tokens_client_id(list, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_cached_tokens_client_id(NULL, 0, &text));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_cached_tokens_environment(list, UINT64_MAX, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_cached_tokens_environment(NULL, 0, &text));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_cached_tokens_username(list, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_cached_tokens_username(NULL, 0, &text));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_cached_tokens_scopes(list, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_cached_tokens_scopes(NULL, 0, &text));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_cached_tokens_is_for_user(list, 0, &flag));
    EXPECT(GT_STATUS_NULL_POINTER, gt_cached_tokens_is_for_user(NULL, 0, &flag));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_cached_tokens_expires_on(list, 0, &seconds));
    EXPECT(GT_STATUS_NULL_POINTER, gt_cached_tokens_expires_on(NULL, 0, &seconds));
    EACH_BAD_TEXT(bad) {
        REFUSES(bad->status, gt_cached_tokens, gt_cached_tokens_new, NULL, bad->text, none, none);
        REFUSES(bad->status, gt_cached_tokens, gt_cached_tokens_new, NULL, none, bad->text, none);
        REFUSES(bad->status, gt_cached_tokens, gt_cached_tokens_new, NULL, none, none, bad->text);
        EXPECT(bad->status, gt_cache_remove(NULL, none, none, bad->text, &count, &error));
    }
    gt_cached_tokens_free(list);
    gt_cached_tokens_free(NULL);
}

static void options(void)
{
    gt_options *made = NULL;
    const BadText *bad;

    EXPECT(GT_STATUS_NULL_POINTER, gt_options_new(NULL, &error));
    EXPECT(GT_STATUS_NULL_POINTER, gt_options_new(NULL, NULL));
    EXPECT(GT_STATUS_OK, gt_options_new(&made, NULL));
    EXPECT(GT_STATUS_OK, gt_options_set(made, text_of("cache"), text_of("none"), &error));
    EXPECT(GT_STATUS_NULL_POINTER, gt_options_set(NULL, text_of("cache"), text_of("none"), &error));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_options_set(made, text_of("no such key"), none, NULL));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_options_set(made, none, none, &error));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_options_set(made, text_of("cache"), none, &error));
    EACH_BAD_TEXT(bad) {
        EXPECT(bad->status, gt_options_set(made, bad->text, none, &error));
        EXPECT(bad->status, gt_options_set(made, text_of("cache"), bad->text, &error));
    }
#ifdef TEST_HOOKS
    EXPECT(GT_STATUS_INTERNAL_ERROR, gt_options_set(made, text_of("test.panic"), none, &error));
    EXPECT(GT_STATUS_INTERNAL_ERROR, gt_options_set(made, text_of("test.panic"), none, NULL));
    EXPECT(GT_STATUS_OK, gt_options_set(made, text_of("cache"), text_of("client"), &error));
#endif
    EXPECT(GT_STATUS_OK, gt_cache_clear(NULL, &error));
    EXPECT(GT_STATUS_OK, gt_cache_clear(made, NULL));
    caches(made);
    EXPECT(GT_STATUS_OK, gt_options_set(made, text_of("cache.protection"), text_of("none"), &error));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_cache_clear(made, &error));
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_cached_tokens, gt_cached_tokens_new, made, none, none, none);
    gt_options_free(made);
}

static int is_part_of_a_name(char character)
{
    return isalnum((unsigned char)character) || character == '_';
}

/* The error of a call names this argument. */
static void expect_name(const char *argument, const char *call, int line)
{
    const uint64_t length = strlen(argument);
    int is_named = 0;
    GtStr message = none;
    uint64_t at;

    gt_error_message(error, &message);
    for (at = 0; at + length < message.len; at++) {
        const char *name = (const char *)message.data + at;

        is_named |= memcmp(name, argument, (size_t)length) == 0 && !is_part_of_a_name(name[length])
                    && (at == 0 || !is_part_of_a_name(name[-1]));
    }
    if (!is_named) {
        fprintf(stderr, "line %d: %s does not name %s\n", line, call, argument);
        failures++;
    }
    gt_error_free(error);
    error = NULL;
}

#define NAMES(argument, call) ((void)(call), expect_name((argument), #call, __LINE__))

static void argument_names(void)
{
    const GtStr some = text_of("some"), no_text = text_of("\xff"), no_bytes = {NULL, 1};
    const GtStr endless = {(const uint8_t *)"a", UINT64_MAX};
    gt_options *made = NULL;
    gt_credential *credential = NULL;
    gt_certificate *certificate = NULL;

    NAMES("options_out", gt_options_new(NULL, &error));
    EXPECT(GT_STATUS_OK, gt_options_new(&made, &error));
    NAMES("options", gt_options_set(NULL, some, some, &error));
    NAMES("key", gt_options_set(made, no_text, some, &error));
    NAMES("key", gt_options_set(made, no_bytes, no_bytes, &error));
    NAMES("value", gt_options_set(made, some, endless, &error));
    gt_options_free(made);
    NAMES("certificate", gt_credential_new_certificate(NULL, &credential, &error));
    NAMES("path", gt_credential_new_federated_token_file(no_text, &credential, &error));
    NAMES("service_connection_id", gt_credential_new_azure_pipelines(no_text, NULL, &credential, &error));
    NAMES("callback", gt_credential_new_with_assertion(NULL, NULL, NULL, &credential, &error));
    NAMES("secret", gt_credential_new_secret(no_text, &credential, &error));
    NAMES("password", gt_certificate_new_from_bytes(some, some, no_bytes, &certificate, &error));
    NAMES("signer", gt_certificate_new_with_signer(some, NULL, NULL, NULL, &certificate, &error));
}

static void certificates(const char *path)
{
    gt_certificate *made = NULL;
    const BadText *bad;

    REFUSES(GT_STATUS_CERTIFICATE_NOT_FOUND, gt_certificate, gt_certificate_new_from_file, none, none, none);
    REFUSES(GT_STATUS_CERTIFICATE_UNREADABLE, gt_certificate, gt_certificate_new_from_bytes, none, none, none);
    REFUSES(GT_STATUS_CERTIFICATE_UNREADABLE, gt_certificate, gt_certificate_new_from_bytes, text_of("no"), none, none);
    EACH_BAD_TEXT(bad) {
        REFUSES(bad->status, gt_certificate, gt_certificate_new_from_file, bad->text, none, none);
        REFUSES(bad->status, gt_certificate, gt_certificate_new_from_file, text_of(path), bad->text, none);
        /* Bytes need not be text, and so they need only be there. */
        if (bad->text.data == NULL || bad->text.len == UINT64_MAX) {
            REFUSES(bad->status, gt_certificate, gt_certificate_new_from_file, text_of(path), none, bad->text);
            REFUSES(bad->status, gt_certificate, gt_certificate_new_from_bytes, bad->text, none, none);
            REFUSES(bad->status, gt_certificate, gt_certificate_new_from_bytes, text_of(path), bad->text, none);
            REFUSES(bad->status, gt_certificate, gt_certificate_new_from_bytes, text_of(path), none, bad->text);
        }
    }
    EXPECT(GT_STATUS_OK, gt_certificate_new_from_file(text_of(path), none, none, &made, &error));
    READS_TEXT(gt_certificate_subject, made);
    READS_TEXT(gt_certificate_thumbprint_sha1, made);
    READS_TEXT(gt_certificate_thumbprint_sha256, made);
    READS_TEXT(gt_certificate_warning, made);
    READS(int64_t, gt_certificate_not_before, made);
    READS(int64_t, gt_certificate_not_after, made);
    READS(uint32_t, gt_certificate_key_bits, made);
    gt_certificate_free(made);
}

#ifdef _WIN32
/* The certificate store of Windows has these keys; the function is there and says so. */
static void tokens(const char *path)
{
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_certificate, gt_certificate_new_from_pkcs11, text_of(path), none, none, none);
}
#else
static void tokens(const char *path)
{
    const GtStr module = text_of("/no/such/module.so");
    const BadText *bad;

    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_certificate, gt_certificate_new_from_pkcs11, none, none, none, none);
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_certificate, gt_certificate_new_from_pkcs11, module, text_of("token=a"),
            none, none);
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_certificate, gt_certificate_new_from_pkcs11, module,
            text_of("pkcs11:pin-value=1234"), none, none);
    REFUSES(GT_STATUS_CERTIFICATE_NOT_FOUND, gt_certificate, gt_certificate_new_from_pkcs11, module, none, none, none);
    /* A file, but no library. */
    REFUSES(GT_STATUS_CERTIFICATE_NOT_FOUND, gt_certificate, gt_certificate_new_from_pkcs11, text_of(path), none, none,
            none);
    REFUSES(GT_STATUS_CERTIFICATE_UNREADABLE, gt_certificate, gt_certificate_new_from_pkcs11, module, none,
            text_of("no"), none);
    EACH_BAD_TEXT(bad) {
        REFUSES(bad->status, gt_certificate, gt_certificate_new_from_pkcs11, bad->text, none, none, none);
        REFUSES(bad->status, gt_certificate, gt_certificate_new_from_pkcs11, module, bad->text, none, none);
        /* Bytes need not be text, and so they need only be there. */
        if (bad->text.data == NULL || bad->text.len == UINT64_MAX) {
            REFUSES(bad->status, gt_certificate, gt_certificate_new_from_pkcs11, module, none, bad->text, none);
            REFUSES(bad->status, gt_certificate, gt_certificate_new_from_pkcs11, module, none, none, bad->text);
        }
    }
}
#endif

static void store(void)
{
    const BadText *bad;

    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_certificate, gt_certificate_new_from_store, none, none);
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_certificate, gt_certificate_new_from_store, text_of("a"), text_of("b"));
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_certificate, gt_certificate_new_from_store, text_of(""), none);
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_certificate, gt_certificate_new_from_store, none, text_of(""));
    EACH_BAD_TEXT(bad) {
        REFUSES(bad->status, gt_certificate, gt_certificate_new_from_store, bad->text, none);
        REFUSES(bad->status, gt_certificate, gt_certificate_new_from_store, none, bad->text);
    }
}

static void searches(void)
{
    const GtStr place = text_of("CurrentUser\\My");
    gt_certificate_search *made = NULL;
    uint64_t index = 99;
    const BadText *bad;

    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_certificate_search, gt_certificate_search_new_by_thumbprint, none);
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_certificate_search, gt_certificate_search_new_by_subject_name, none);
    EXPECT(GT_STATUS_OK, gt_certificate_search_new_by_subject_name(text_of("App"), &made, &error));
    EXPECT(GT_STATUS_OK, gt_certificate_search_add(made, none, none, 1, NULL));
    EXPECT(GT_STATUS_OK, gt_certificate_search_add(made, place, text_of("no certificate"), -1, &error));
    EXPECT(GT_STATUS_NULL_POINTER, gt_certificate_search_add(NULL, place, none, 0, &error));
    EXPECT(GT_STATUS_OK, gt_certificate_search_searched(made, place, none, NULL));
    EXPECT(GT_STATUS_NULL_POINTER, gt_certificate_search_searched(NULL, place, none, &error));
    EXPECT(GT_STATUS_CERTIFICATE_NOT_FOUND, gt_certificate_search_choose(made, &index, &error));
    EXPECT(GT_STATUS_NULL_POINTER, gt_certificate_search_choose(NULL, &index, &error));
    EXPECT(GT_STATUS_NULL_POINTER, gt_certificate_search_choose(made, NULL, &error));
    /* Neither is a certificate. */
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_certificate_search_key_refused(made, 1, place, &error));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_certificate_search_key_refused(made, UINT64_MAX, none, NULL));
    EXPECT(GT_STATUS_NULL_POINTER, gt_certificate_search_key_refused(NULL, 0, none, &error));
    EACH_BAD_TEXT(bad) {
        REFUSES(bad->status, gt_certificate_search, gt_certificate_search_new_by_thumbprint, bad->text);
        REFUSES(bad->status, gt_certificate_search, gt_certificate_search_new_by_subject_name, bad->text);
        EXPECT(bad->status, gt_certificate_search_add(made, bad->text, none, 0, &error));
        EXPECT(bad->status, gt_certificate_search_searched(made, bad->text, none, &error));
        EXPECT(bad->status, gt_certificate_search_searched(made, place, bad->text, &error));
        EXPECT(bad->status, gt_certificate_search_key_refused(made, 0, bad->text, &error));
        if (bad->text.data == NULL || bad->text.len == UINT64_MAX) {
            EXPECT(bad->status, gt_certificate_search_add(made, place, bad->text, 0, &error));
        }
    }
    if (index != 99) {
        fail(__LINE__, "an index was given in spite of the failure");
    }
    gt_certificate_search_free(made);
}

/* A signer outside of the engine that cannot sign. `outcome` is what it answers. */
typedef struct Signer {
    int32_t outcome;
    int calls;
    int releases;
} Signer;

static int32_t sign(void *context, int32_t algorithm, const uint8_t *digest, uint64_t digest_len, uint8_t *signature,
                    uint64_t signature_capacity, uint64_t *signature_len)
{
    Signer *signer = context;

    signer->calls++;
    if (algorithm != GT_SIGNATURE_ALGORITHM_PS256 && algorithm != GT_SIGNATURE_ALGORITHM_RS256) {
        fail(__LINE__, "the algorithm is not one of the two");
    }
    if (digest == NULL || digest_len != 32 || signature_capacity < 256) {
        fail(__LINE__, "the signer did not get a SHA-256 digest and room for a signature");
    }
    memset(signature, 0x5a, 256);
    *signature_len = 256;
    return signer->outcome;
}

static void release(void *context)
{
    ((Signer *)context)->releases++;
}

/* The certificate part of `path`, whose key this program does not use. */
static GtStr certificate_of(const char *path, char *buffer, size_t capacity)
{
    FILE *file = fopen(path, "rb");
    size_t len = 0;
    const char *start;

    if (file != NULL) {
        len = fread(buffer, 1, capacity - 1, file);
        fclose(file);
    }
    buffer[len] = '\0';
    start = strstr(buffer, "-----BEGIN CERTIFICATE-----");
    return start == NULL ? none : text_of(start);
}

static void signers(const char *path, const char *client_id)
{
    static const struct {
        int32_t outcome;
        int32_t status;
    } cases[] = {
        {0, GT_STATUS_SIGNING_FAILED}, /* says that it has signed, but the signature is wrong */
        {GT_SIGNER_UNSUPPORTED, GT_STATUS_SIGNING_FAILED},
        {GT_STATUS_CANCELLED, GT_STATUS_CANCELLED},
        {GT_STATUS_PRIVATE_KEY_INACCESSIBLE, GT_STATUS_PRIVATE_KEY_INACCESSIBLE},
        {42, GT_STATUS_SIGNING_FAILED},
    };
    char buffer[16384];
    GtStr certificate = certificate_of(path, buffer, sizeof buffer);
    Signer signer = {0, 0, 0};
    size_t index;

    REFUSES(GT_STATUS_CERTIFICATE_UNREADABLE, gt_certificate, gt_certificate_new_with_signer, none, sign, &signer,
            release);
    REFUSES(GT_STATUS_NULL_POINTER, gt_certificate, gt_certificate_new_with_signer, certificate, NULL, &signer,
            release);
    REFUSES(GT_STATUS_CERTIFICATE_UNREADABLE, gt_certificate, gt_certificate_new_with_signer, none, sign, NULL, NULL);
    if (signer.releases != 8 || signer.calls != 0) {
        fail(__LINE__, "a refused signer was not released once, or was called");
    }
    for (index = 0; index < sizeof cases / sizeof *cases; index++) {
        gt_certificate *made = NULL;
        gt_credential *credential = NULL;
        gt_client *client = NULL;
        gt_assertion *assertion = NULL;
        Signer one = {0, 0, 0};

        one.outcome = cases[index].outcome;
        EXPECT(GT_STATUS_OK, gt_certificate_new_with_signer(certificate, sign, &one, release, &made, &error));
        EXPECT(GT_STATUS_OK, gt_credential_new_certificate(made, &credential, &error));
        gt_certificate_free(made);
        EXPECT(GT_STATUS_OK, gt_client_new(text_of("contoso.com"), text_of(client_id), credential, NULL, &client,
                                           &error));
        gt_credential_free(credential);
        EXPECT(cases[index].status, gt_client_assertion(client, NULL, &assertion, &error));
        if (one.calls == 0 || one.releases != 0) {
            fail(__LINE__, "the signer was not called, or released too early");
        }
        gt_client_free(client);
        if (one.releases != 1) {
            fail(__LINE__, "the signer was not released once");
        }
    }
}

/* A token store that nobody is to call. */
static int32_t read_nothing(void *context, const uint8_t *name, uint64_t name_len, uint8_t *record,
                            uint64_t record_capacity, uint64_t *record_len)
{
    (void)context, (void)name, (void)name_len, (void)record, (void)record_capacity, (void)record_len;
    return GT_TOKEN_STORE_NONE;
}

static int32_t write_nothing(void *context, const uint8_t *name, uint64_t name_len, const uint8_t *record,
                             uint64_t record_len, uint64_t lifetime_seconds)
{
    (void)context, (void)name, (void)name_len, (void)record, (void)record_len, (void)lifetime_seconds;
    return 0;
}

static int32_t remove_nothing(void *context, const uint8_t *name, uint64_t name_len)
{
    (void)context, (void)name, (void)name_len;
    return 0;
}

static int32_t lock_nothing(void *context, const uint8_t *name, uint64_t name_len, const uint8_t *owner,
                            uint64_t owner_len, uint64_t lifetime_seconds)
{
    (void)context, (void)name, (void)name_len, (void)owner, (void)owner_len, (void)lifetime_seconds;
    return 0;
}

static int32_t unlock_nothing(void *context, const uint8_t *name, uint64_t name_len, const uint8_t *owner,
                              uint64_t owner_len)
{
    (void)context, (void)name, (void)name_len, (void)owner, (void)owner_len;
    return 0;
}

static void token_stores(void)
{
    GtStr key = text_of("0123456789abcdef0123456789abcdef");
    GtStr impossible = {NULL, 32};
    Signer counter = {0, 0, 0};
    gt_token_store *made = NULL;
    gt_options *settings = NULL;

    REFUSES(GT_STATUS_NULL_POINTER, gt_token_store, gt_token_store_new, &counter, NULL, write_nothing, remove_nothing,
            NULL, NULL, release, key);
    REFUSES(GT_STATUS_NULL_POINTER, gt_token_store, gt_token_store_new, &counter, read_nothing, NULL, remove_nothing,
            NULL, NULL, release, key);
    REFUSES(GT_STATUS_NULL_POINTER, gt_token_store, gt_token_store_new, &counter, read_nothing, write_nothing, NULL,
            NULL, NULL, release, key);
    REFUSES(GT_STATUS_NULL_POINTER, gt_token_store, gt_token_store_new, &counter, read_nothing, write_nothing,
            remove_nothing, lock_nothing, NULL, release, key);
    REFUSES(GT_STATUS_NULL_POINTER, gt_token_store, gt_token_store_new, &counter, read_nothing, write_nothing,
            remove_nothing, NULL, unlock_nothing, release, key);
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_token_store, gt_token_store_new, &counter, read_nothing, write_nothing,
            remove_nothing, NULL, NULL, release, none);
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_token_store, gt_token_store_new, &counter, read_nothing, write_nothing,
            remove_nothing, NULL, NULL, release, text_of("too short"));
    REFUSES(GT_STATUS_NULL_POINTER, gt_token_store, gt_token_store_new, &counter, read_nothing, write_nothing,
            remove_nothing, NULL, NULL, release, impossible);
    if (counter.releases != 32) {
        fail(__LINE__, "a refused store was not released once");
    }
    EXPECT(GT_STATUS_OK, gt_token_store_new(&counter, read_nothing, write_nothing, remove_nothing, lock_nothing,
                                            unlock_nothing, release, key, &made, NULL));
    EXPECT(GT_STATUS_OK, gt_options_new(&settings, &error));
    EXPECT(GT_STATUS_NULL_POINTER, gt_options_set_token_store(NULL, made, &error));
    EXPECT(GT_STATUS_NULL_POINTER, gt_options_set_token_store(NULL, NULL, NULL));
    EXPECT(GT_STATUS_OK, gt_options_set_token_store(settings, NULL, &error));
    EXPECT(GT_STATUS_OK, gt_options_set_token_store(settings, made, &error));
    gt_token_store_free(made);
    if (counter.releases != 32) {
        fail(__LINE__, "a store that options have was released");
    }
    EXPECT(GT_STATUS_OK, gt_options_set_token_store(settings, NULL, NULL));
    if (counter.releases != 33) {
        fail(__LINE__, "a store that nobody has was not released");
    }
    gt_options_free(settings);
}

static void credentials(void)
{
    const BadText *bad;

    REFUSES(GT_STATUS_NULL_POINTER, gt_credential, gt_credential_new_certificate, NULL);
    REFUSES(GT_STATUS_CREDENTIAL_MISSING, gt_credential, gt_credential_new_secret, none);
    REFUSES(GT_STATUS_CREDENTIAL_MISSING, gt_credential, gt_credential_new_assertion, none);
    EACH_BAD_TEXT(bad) {
        REFUSES(bad->status, gt_credential, gt_credential_new_secret, bad->text);
        REFUSES(bad->status, gt_credential, gt_credential_new_assertion, bad->text);
    }
}

static int32_t no_assertion(void *context, const uint8_t *tenant, uint64_t tenant_len, const uint8_t *client_id,
                            uint64_t client_id_len, const uint8_t *token_endpoint, uint64_t token_endpoint_len,
                            uint8_t *assertion, uint64_t assertion_capacity, uint64_t *assertion_len)
{
    (void)context, (void)tenant, (void)tenant_len, (void)client_id, (void)client_id_len, (void)token_endpoint;
    (void)token_endpoint_len, (void)assertion, (void)assertion_capacity, (void)assertion_len;
    return GT_STATUS_CREDENTIAL_MISSING;
}

static void count_release(void *context)
{
    ++*(int *)context;
}

/* No variable of a job is set here. */
static void federated_credentials(void)
{
    const GtStr some = text_of("some");
    const BadText *bad;
    gt_credential *credential = NULL;
    int releases = 0;

    REFUSES(GT_STATUS_CREDENTIAL_MISSING, gt_credential, gt_credential_new_federated_token_file, none);
    REFUSES(GT_STATUS_CREDENTIAL_MISSING, gt_credential, gt_credential_new_github_actions, NULL);
    REFUSES(GT_STATUS_CREDENTIAL_MISSING, gt_credential, gt_credential_new_azure_pipelines, none, NULL);
    REFUSES(GT_STATUS_CREDENTIAL_MISSING, gt_credential, gt_credential_new_azure_pipelines, some, NULL);
    EACH_BAD_TEXT(bad) {
        REFUSES(bad->status, gt_credential, gt_credential_new_federated_token_file, bad->text);
        REFUSES(bad->status, gt_credential, gt_credential_new_azure_pipelines, bad->text, NULL);
    }
    REFUSES(GT_STATUS_NULL_POINTER, gt_credential, gt_credential_new_with_assertion, NULL, &releases, count_release);
    if (releases != 4) {
        fail(__LINE__, "a context was not released once for each failure");
    }
    EXPECT(GT_STATUS_OK, gt_credential_new_with_assertion(no_assertion, &releases, count_release, &credential, &error));
    gt_credential_free(credential);
    if (releases != 5) {
        fail(__LINE__, "a context was not released with its credential");
    }
    EXPECT(GT_STATUS_OK, gt_credential_new_with_assertion(no_assertion, NULL, NULL, &credential, NULL));
    gt_credential_free(credential);
}

static void requests(void)
{
    const GtStr some = text_of("some");
    const BadText *bad;

    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_request, gt_request_new_password, none, none, some, NULL);
    REFUSES(GT_STATUS_CREDENTIAL_MISSING, gt_request, gt_request_new_password, none, some, none, NULL);
    REFUSES(GT_STATUS_CREDENTIAL_MISSING, gt_request, gt_request_new_refresh_token, none, none, NULL);
    REFUSES(GT_STATUS_CREDENTIAL_MISSING, gt_request, gt_request_new_on_behalf_of, none, none, NULL);
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_request, gt_request_new_on_behalf_of, text_of("two words"), none, NULL);
    EACH_BAD_TEXT(bad) {
        REFUSES(bad->status, gt_request, gt_request_new_client_credentials, bad->text, NULL);
        REFUSES(bad->status, gt_request, gt_request_new_password, bad->text, some, some, NULL);
        REFUSES(bad->status, gt_request, gt_request_new_password, none, bad->text, some, NULL);
        REFUSES(bad->status, gt_request, gt_request_new_password, none, some, bad->text, NULL);
        REFUSES(bad->status, gt_request, gt_request_new_refresh_token, bad->text, some, NULL);
        REFUSES(bad->status, gt_request, gt_request_new_refresh_token, none, bad->text, NULL);
        REFUSES(bad->status, gt_request, gt_request_new_on_behalf_of, bad->text, none, NULL);
        REFUSES(bad->status, gt_request, gt_request_new_on_behalf_of, some, bad->text, NULL);
    }
}

static void decoded_tokens(void)
{
    gt_jwt *jwt = NULL;
    const BadText *bad;

    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_jwt, gt_jwt_new, none);
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_jwt, gt_jwt_new, text_of("no token"));
    EACH_BAD_TEXT(bad) {
        REFUSES(bad->status, gt_jwt, gt_jwt_new, bad->text);
    }
    EXPECT(GT_STATUS_OK, gt_jwt_new(text_of("Bearer e30.e30.c2ln"), &jwt, &error));
    READS_TEXT(gt_jwt_header, jwt);
    READS_TEXT(gt_jwt_claims, jwt);
    gt_jwt_free(jwt);
}

static void read_token(const gt_token *token)
{
    READS_TEXT(gt_token_access_token, token);
    READS_TEXT(gt_token_refresh_token, token);
    READS_TEXT(gt_token_id_token, token);
    READS_TEXT(gt_token_token_type, token);
    READS_TEXT(gt_token_scopes, token);
    READS_TEXT(gt_token_username, token);
    READS_TEXT(gt_token_tenant_id, token);
    READS_TEXT(gt_token_client_id, token);
    READS_TEXT(gt_token_correlation_id, token);
    READS(int64_t, gt_token_expires_on, token);
    READS(int64_t, gt_token_expires_in, token);
    READS(int64_t, gt_token_refresh_on, token);
    READS(int32_t, gt_token_source, token);
}

static void expect_source(const gt_token *token, int32_t expected)
{
    int32_t source = -1;

    EXPECT(GT_STATUS_OK, gt_token_source(token, &source));
    if (source != expected) {
        fail(__LINE__, "the token came from somewhere else");
    }
}

static void use_client(gt_client *client)
{
    gt_request *request = NULL;
    gt_cancel *cancel = NULL;
    gt_token *token = NULL;
    gt_token *cached = NULL;
    gt_assertion *assertion = NULL;

    EXPECT(GT_STATUS_NULL_POINTER, gt_cancel_new(NULL, &error));
    EXPECT(GT_STATUS_NULL_POINTER, gt_cancel_signal(NULL));
    EXPECT(GT_STATUS_OK, gt_cancel_new(&cancel, NULL));
    EXPECT(GT_STATUS_OK, gt_request_new_client_credentials(none, NULL, &request, &error));
    REFUSES(GT_STATUS_NULL_POINTER, gt_token, gt_client_acquire, NULL, request, cancel);
    REFUSES(GT_STATUS_NULL_POINTER, gt_token, gt_client_acquire, client, NULL, cancel);
    REFUSES(GT_STATUS_NULL_POINTER, gt_token, gt_client_cached, NULL, request);
    REFUSES(GT_STATUS_NULL_POINTER, gt_token, gt_client_cached, client, NULL);
    REFUSES(GT_STATUS_NULL_POINTER, gt_assertion, gt_client_assertion, NULL, cancel);
    READS_TEXT(gt_client_token_endpoint, client);
    READS_TEXT(gt_client_tenant, client);
    READS_TEXT(gt_client_client_id, client);
    EXPECT(GT_STATUS_OK, gt_client_cache_failure(client, &error));
    EXPECT(GT_STATUS_OK, gt_client_cache_failure(client, NULL));
    EXPECT(GT_STATUS_NULL_POINTER, gt_client_cache_failure(NULL, &error));

    EXPECT(GT_STATUS_OK, gt_client_assertion(client, cancel, &assertion, &error));
    READS_TEXT(gt_assertion_text, assertion);
    EXPECT(GT_STATUS_OK, gt_client_cached(client, request, &cached, &error));
    if (cached != NULL) {
        fail(__LINE__, "a token was in the cache before any was asked for");
    }
    EXPECT(GT_STATUS_OK, gt_client_acquire(client, request, cancel, &token, &error));
    expect_source(token, GT_TOKEN_SOURCE_KIND_NETWORK);
    read_token(token);
    EXPECT(GT_STATUS_OK, gt_client_cached(client, request, &cached, &error));
    gt_token_free(token);
    expect_source(cached, GT_TOKEN_SOURCE_KIND_CACHE);
    read_token(cached);
    token = cached;

    EXPECT(GT_STATUS_OK, gt_cancel_signal(cancel));
    EXPECT(GT_STATUS_OK, gt_cancel_signal(cancel));
    REFUSES(GT_STATUS_CANCELLED, gt_assertion, gt_client_assertion, client, cancel);
    gt_assertion_free(assertion);
    gt_token_free(token);
    gt_cancel_free(cancel);
    gt_request_free(request);
}

/* The application need not prove itself to get a code, and nobody enters it here. */
static void sign_ins(const gt_client *client)
{
    gt_sign_in *sign_in = NULL;
    gt_request *request = NULL;
    const BadText *bad;

    REFUSES(GT_STATUS_NULL_POINTER, gt_sign_in, gt_sign_in_new, NULL, none, NULL);
    REFUSES(GT_STATUS_NULL_POINTER, gt_request, gt_request_new_sign_in, NULL, NULL);
    EXPECT(GT_STATUS_NULL_POINTER, gt_sign_in_open_browser(NULL, &error));
    EXPECT(GT_STATUS_NULL_POINTER, gt_sign_in_open_browser(NULL, NULL));
    EACH_BAD_TEXT(bad) {
        REFUSES(bad->status, gt_sign_in, gt_sign_in_new, client, bad->text, NULL);
    }
    EXPECT(GT_STATUS_OK, gt_sign_in_new(client, text_of("User.Read"), NULL, &sign_in, &error));
    READS_TEXT(gt_sign_in_url, sign_in);
    READS_TEXT(gt_sign_in_redirect_uri, sign_in);
    EXPECT(GT_STATUS_OK, gt_request_new_sign_in(sign_in, NULL, &request, &error));
    gt_sign_in_free(sign_in);
    gt_request_free(request);
}

static void device_codes(const gt_client *client)
{
    gt_device_code *code = NULL;
    gt_request *request = NULL;
    const BadText *bad;

    REFUSES(GT_STATUS_NULL_POINTER, gt_device_code, gt_device_code_new, NULL, none, NULL, NULL);
    REFUSES(GT_STATUS_NULL_POINTER, gt_request, gt_request_new_device_code, NULL, NULL);
    EACH_BAD_TEXT(bad) {
        REFUSES(bad->status, gt_device_code, gt_device_code_new, client, bad->text, NULL, NULL);
    }
    EXPECT(GT_STATUS_OK, gt_device_code_new(client, text_of("User.Read"), NULL, NULL, &code, &error));
    READS_TEXT(gt_device_code_message, code);
    READS_TEXT(gt_device_code_user_code, code);
    READS_TEXT(gt_device_code_verification_uri, code);
    READS_TEXT(gt_device_code_verification_uri_complete, code);
    READS_TEXT(gt_device_code_link, code);
    READS(int64_t, gt_device_code_expires_in, code);
    READS(int64_t, gt_device_code_interval, code);
    EXPECT(GT_STATUS_OK, gt_request_new_device_code(code, NULL, &request, &error));
    gt_device_code_free(code);
    gt_request_free(request);
}

/* The users of the client, of which there are none. */
static void accounts(const gt_client *client)
{
    gt_accounts *list = NULL;
    gt_request *request = NULL;
    GtStr text = none;
    const BadText *bad;

    REFUSES(GT_STATUS_NULL_POINTER, gt_accounts, gt_client_accounts, NULL);
    EXPECT(GT_STATUS_OK, gt_client_accounts(client, &list, &error));
    READS(uint64_t, gt_accounts_count, list);
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_accounts_username(list, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_accounts_username(NULL, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_accounts_username(list, 0, NULL));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_accounts_home_account_id(list, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_accounts_home_account_id(NULL, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_accounts_home_account_id(list, 0, NULL));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_accounts_local_account_id(list, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_accounts_local_account_id(NULL, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_accounts_local_account_id(list, 0, NULL));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_accounts_name(list, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_accounts_name(NULL, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_accounts_name(list, 0, NULL));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_accounts_tenant(list, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_accounts_tenant(NULL, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_accounts_tenant(list, 0, NULL));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_accounts_environment(list, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_accounts_environment(NULL, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_accounts_environment(list, 0, NULL));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_accounts_authority_type(list, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_accounts_authority_type(NULL, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_accounts_authority_type(list, 0, NULL));
    gt_accounts_free(list);
    gt_accounts_free(NULL);
    EACH_BAD_TEXT(bad) {
        REFUSES(bad->status, gt_request, gt_request_new_account, bad->text, none, NULL);
        REFUSES(bad->status, gt_request, gt_request_new_account, none, bad->text, NULL);
        EXPECT(bad->status, gt_client_sign_out(client, bad->text, &error));
    }
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_request, gt_request_new_account, text_of("a\nb"), none, NULL);
    EXPECT(GT_STATUS_OK, gt_request_new_account(text_of("nobody@contoso.com"), none, NULL, &request, &error));
    gt_request_free(request);
    EXPECT(GT_STATUS_OK, gt_client_sign_out(client, text_of("nobody@contoso.com"), &error));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_client_sign_out(client, none, &error));
    EXPECT(GT_STATUS_NULL_POINTER, gt_client_sign_out(NULL, text_of("nobody@contoso.com"), &error));
}

/* A client of a machine that no platform has set up, which is asked nothing. */
static void managed_identity(void)
{
    gt_options *options = NULL;
    gt_client *client = NULL;
    gt_assertion *assertion = NULL;

    EXPECT(GT_STATUS_OK, gt_options_new(&options, &error));
    EXPECT(GT_STATUS_OK, gt_client_new_managed_identity(options, &client, &error));
    READS_TEXT(gt_client_token_endpoint, client);
    READS_TEXT(gt_client_tenant, client);
    READS_TEXT(gt_client_client_id, client);
    EXPECT(GT_STATUS_CREDENTIAL_MISSING, gt_client_assertion(client, NULL, &assertion, &error));
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_device_code, gt_device_code_new, client, none, NULL, NULL);
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_sign_in, gt_sign_in_new, client, none, NULL);
    EXPECT(GT_STATUS_OK, gt_client_cache_failure(client, &error));
    gt_client_free(client);
    client = NULL;
    EXPECT(GT_STATUS_OK, gt_client_new_managed_identity(NULL, &client, NULL));
    gt_client_free(client);

    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("identity.source"), text_of("app_service"), &error));
    REFUSES(GT_STATUS_CREDENTIAL_MISSING, gt_client, gt_client_new_managed_identity, options);
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("cache.name"), text_of("work"), &error));
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("identity.source"), text_of("imds"), &error));
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_client, gt_client_new_managed_identity, options);
    gt_options_free(options);
}

/* Clients of the environment variables, of a chain and of developer tools. Nothing is sent or run. */
static void other_sources(void)
{
    const char variables[] = "AZURE_TENANT_ID=contoso.example\0AZURE_CLIENT_ID=app\0AZURE_CLIENT_SECRET=secret";
    const char *names[] = {"az", "azd"};
    const GtStr block = {(const uint8_t *)variables, sizeof variables};
    gt_options *options = NULL;
    gt_client *client = NULL;
    gt_assertion *assertion = NULL;
    const BadText *bad;
    size_t i;

    EXPECT(GT_STATUS_OK, gt_options_new(&options, &error));
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("identity.variables"), block, &error));
    EXPECT(GT_STATUS_OK, gt_client_new_environment(options, &client, &error));
    READS_TEXT(gt_client_warning, client);
    READS_TEXT(gt_client_chosen, client);
    READS_TEXT(gt_client_passed_over, client);
    READS_TEXT(gt_client_token_endpoint, client);
    READS_TEXT(gt_client_tenant, client);
    READS_TEXT(gt_client_client_id, client);
    EXPECT(GT_STATUS_CREDENTIAL_MISSING, gt_client_assertion(client, NULL, &assertion, &error));
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_device_code, gt_device_code_new, client, none, NULL, NULL);
    gt_client_free(client);
    client = NULL;

    EXPECT(GT_STATUS_OK, gt_client_new_chain(options, &client, &error));
    READS_TEXT(gt_client_chosen, client);
    READS_TEXT(gt_client_passed_over, client);
    READS_TEXT(gt_client_token_endpoint, client);
    EXPECT(GT_STATUS_CREDENTIAL_MISSING, gt_client_assertion(client, NULL, &assertion, &error));
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_device_code, gt_device_code_new, client, none, NULL, NULL);
    gt_client_free(client);
    client = NULL;

    for (i = 0; i < sizeof names / sizeof *names; i++) {
        EXPECT(GT_STATUS_OK, gt_client_new_developer_tool(text_of(names[i]), options, &client, &error));
        READS_TEXT(gt_client_token_endpoint, client);
        READS_TEXT(gt_client_tenant, client);
        EXPECT(GT_STATUS_CREDENTIAL_MISSING, gt_client_assertion(client, NULL, &assertion, &error));
        REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_device_code, gt_device_code_new, client, none, NULL, NULL);
        gt_client_free(client);
        client = NULL;
    }
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_client, gt_client_new_developer_tool, text_of("bash"), options);
    EACH_BAD_TEXT(bad) {
        REFUSES(bad->status, gt_client, gt_client_new_developer_tool, bad->text, options);
    }

    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("cache.name"), text_of("work"), &error));
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_client, gt_client_new_chain, options);
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_client, gt_client_new_developer_tool, text_of("az"), options);
    gt_options_free(options);
    options = NULL;

    EXPECT(GT_STATUS_OK, gt_options_new(&options, &error));
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("identity.variables"), none, &error));
    REFUSES(GT_STATUS_CREDENTIAL_MISSING, gt_client, gt_client_new_environment, options);
    EXPECT(GT_STATUS_OK, gt_options_set(options, text_of("identity.client_id"),
                                        text_of("33333333-3333-3333-3333-333333333333"), &error));
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_client, gt_client_new_environment, options);
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_client, gt_client_new_chain, options);
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_client, gt_client_new_developer_tool, text_of("az"), options);
    gt_options_free(options);
}

static void clients(const char *tenant, const char *client_id, const char *path)
{
    gt_certificate *certificate = NULL;
    gt_credential *credential = NULL;
    gt_client *client = NULL;
    const BadText *bad;

    managed_identity();
    other_sources();
    REFUSES(GT_STATUS_INVALID_AUTHORITY, gt_client, gt_client_new, none, text_of(client_id), NULL, NULL);
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_client, gt_client_new, text_of(tenant), none, NULL, NULL);
    EACH_BAD_TEXT(bad) {
        REFUSES(bad->status, gt_client, gt_client_new, bad->text, text_of(client_id), NULL, NULL);
        REFUSES(bad->status, gt_client, gt_client_new, text_of(tenant), bad->text, NULL, NULL);
    }
    EXPECT(GT_STATUS_OK, gt_certificate_new_from_file(text_of(path), none, none, &certificate, &error));
    EXPECT(GT_STATUS_OK, gt_credential_new_certificate(certificate, &credential, &error));
    EXPECT(GT_STATUS_OK, gt_client_new(text_of(tenant), text_of(client_id), credential, NULL, &client, &error));
    /* The client keeps what it needs. */
    gt_credential_free(credential);
    gt_certificate_free(certificate);
    use_client(client);
    device_codes(client);
    accounts(client);
    sign_ins(client);
    gt_client_free(client);
}

/* The findings of one diagnosis: how many have this outcome. */
static uint64_t findings_that(const gt_diagnosis *diagnosis, int32_t outcome)
{
    uint64_t count = 0, index, matching = 0;

    READS(uint64_t, gt_diagnosis_count, diagnosis);
    EXPECT(GT_STATUS_OK, gt_diagnosis_count(diagnosis, &count));
    for (index = 0; index < count; index++) {
        GtStr check = none, detail = none, hint = none;
        int32_t status = 0;

        EXPECT(GT_STATUS_OK, gt_diagnosis_check(diagnosis, index, &check));
        EXPECT(GT_STATUS_OK, gt_diagnosis_status(diagnosis, index, &status));
        EXPECT(GT_STATUS_OK, gt_diagnosis_detail(diagnosis, index, &detail));
        EXPECT(GT_STATUS_OK, gt_diagnosis_hint(diagnosis, index, &hint));
        if (check.len == 0 || detail.len == 0 || (status == GT_FINDING_STATUS_FAILED && hint.len == 0)) {
            fail(__LINE__, "a finding says too little");
        }
        matching += status == outcome;
    }
    return matching;
}

static void no_findings(const gt_diagnosis *diagnosis)
{
    GtStr text = none;
    int32_t status = 0;

    EXPECT(GT_STATUS_NULL_POINTER, gt_diagnosis_check(NULL, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_diagnosis_check(diagnosis, 0, NULL));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_diagnosis_check(diagnosis, UINT64_MAX, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_diagnosis_status(NULL, 0, &status));
    EXPECT(GT_STATUS_NULL_POINTER, gt_diagnosis_status(diagnosis, 0, NULL));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_diagnosis_status(diagnosis, UINT64_MAX, &status));
    EXPECT(GT_STATUS_NULL_POINTER, gt_diagnosis_detail(NULL, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_diagnosis_detail(diagnosis, 0, NULL));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_diagnosis_detail(diagnosis, 1000, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_diagnosis_hint(NULL, 0, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_diagnosis_hint(diagnosis, 0, NULL));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_diagnosis_hint(diagnosis, 1000, &text));
    EXPECT(GT_STATUS_OK, gt_diagnosis_detail_on(diagnosis, 0, GT_SURFACE_COMMAND, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_diagnosis_detail_on(NULL, 0, GT_SURFACE_C, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_diagnosis_detail_on(diagnosis, 0, GT_SURFACE_C, NULL));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_diagnosis_detail_on(diagnosis, 1000, GT_SURFACE_C, &text));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_diagnosis_detail_on(diagnosis, 0, 4, &text));
    EXPECT(GT_STATUS_OK, gt_diagnosis_hint_on(diagnosis, 0, GT_SURFACE_COMMAND, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_diagnosis_hint_on(NULL, 0, GT_SURFACE_C, &text));
    EXPECT(GT_STATUS_NULL_POINTER, gt_diagnosis_hint_on(diagnosis, 0, GT_SURFACE_C, NULL));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_diagnosis_hint_on(diagnosis, 1000, GT_SURFACE_C, &text));
    EXPECT(GT_STATUS_INVALID_ARGUMENT, gt_diagnosis_hint_on(diagnosis, 0, 4, &text));
}

static void diagnoses(const char *tenant, const char *client_id, const char *path)
{
    gt_certificate *certificate = NULL;
    gt_credential *credential = NULL;
    gt_cancel *cancel = NULL;
    gt_diagnosis *diagnosis = NULL;
    gt_error *failure = NULL;
    const GtStr at = text_of(tenant), who = text_of(client_id);
    const BadText *bad;

    EACH_BAD_TEXT(bad) {
        REFUSES(bad->status, gt_diagnosis, gt_diagnosis_new, bad->text, who, NULL, NULL, NULL, NULL);
        REFUSES(bad->status, gt_diagnosis, gt_diagnosis_new, at, bad->text, NULL, NULL, NULL, NULL);
    }
    EACH_BAD_TEXT(bad) {
        REFUSES(bad->status, gt_diagnosis, gt_diagnosis_new_for_source, bad->text, NULL, NULL);
    }
    REFUSES(GT_STATUS_INVALID_ARGUMENT, gt_diagnosis, gt_diagnosis_new_for_source, text_of("bash"), NULL, NULL);
    EXPECT(GT_STATUS_OK, gt_certificate_new_from_file(text_of(path), none, none, &certificate, &error));
    EXPECT(GT_STATUS_OK, gt_credential_new_certificate(certificate, &credential, &error));
    EXPECT(GT_STATUS_OK, gt_cancel_new(&cancel, &error));
    EXPECT(GT_STATUS_OK, gt_diagnosis_new(at, who, credential, NULL, NULL, cancel, &diagnosis, &error));
    if (findings_that(diagnosis, GT_FINDING_STATUS_FAILED) != 0) {
        fail(__LINE__, "a sound setup has failures");
    }
    no_findings(diagnosis);
    gt_diagnosis_free(diagnosis);
    gt_certificate_free(certificate);
    EXPECT(GT_STATUS_CERTIFICATE_NOT_FOUND,
           gt_certificate_new_from_file(text_of("/nowhere/app.pem"), none, none, &certificate, &failure));
    EXPECT(GT_STATUS_OK, gt_diagnosis_new(at, who, NULL, failure, NULL, NULL, &diagnosis, &error));
    if (findings_that(diagnosis, GT_FINDING_STATUS_FAILED) != 1) {
        fail(__LINE__, "a credential that failed is not one failure");
    }
    gt_diagnosis_free(diagnosis);
    gt_error_free(failure);
    /* What is wrong with the setup is found, and is no failure of the call. */
    EXPECT(GT_STATUS_OK, gt_diagnosis_new(none, none, NULL, NULL, NULL, NULL, &diagnosis, &error));
    gt_diagnosis_free(diagnosis);
    EXPECT(GT_STATUS_OK, gt_cancel_signal(cancel));
    REFUSES(GT_STATUS_CANCELLED, gt_diagnosis, gt_diagnosis_new, at, who, credential, NULL, NULL, cancel);
    gt_cancel_free(cancel);
    gt_credential_free(credential);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: abi TENANT CLIENT_ID CERTIFICATE_FILE\n", stderr);
        return 2;
    }
    frees_of_null();
    version();
    errors();
    options();
    argument_names();
    certificates(argv[3]);
    tokens(argv[3]);
    store();
    searches();
    signers(argv[3], argv[2]);
    token_stores();
    credentials();
    federated_credentials();
    requests();
    decoded_tokens();
    clients(argv[1], argv[2], argv[3]);
    diagnoses(argv[1], argv[2], argv[3]);
    return failures == 0 ? 0 : 1;
}
