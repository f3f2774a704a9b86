/*
 * Keys outside of the engine: one that cannot do PSS, and one that waits while its call is cancelled.
 *
 *   signers TENANT CLIENT_ID CERTIFICATE_FILE DIGEST_FILE
 *
 * TENANT names an emulator that knows the application by the certificate, whose file holds the key too. The key signs in
 * the command openssl; DIGEST_FILE and the same name with .sig are written. Ends with 1 when something is not as it
 * should be.
 */

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "graphtoken.h"

/* A key that can do RS256 only. */
typedef struct OldKey {
    const char *key_file;
    const char *digest_file;
    int asked_for_pss;
    int signed_count;
} OldKey;

static int32_t sign_by_openssl(const OldKey *key, const uint8_t *digest, size_t len, uint8_t *signature,
                               size_t capacity, uint64_t *signature_len)
{
    char command[4096];
    char signature_file[1024];
    FILE *file = fopen(key->digest_file, "wb");

    if (file == NULL || fwrite(digest, 1, len, file) != len || fclose(file) != 0) {
        return GT_STATUS_SIGNING_FAILED;
    }
    snprintf(signature_file, sizeof signature_file, "%s.sig", key->digest_file);
    snprintf(command, sizeof command, "openssl pkeyutl -sign -inkey '%s' -in '%s' -out '%s' -pkeyopt digest:sha256",
             key->key_file, key->digest_file, signature_file);
    if (system(command) != 0) {
        return GT_STATUS_SIGNING_FAILED;
    }
    file = fopen(signature_file, "rb");
    if (file == NULL) {
        return GT_STATUS_SIGNING_FAILED;
    }
    *signature_len = fread(signature, 1, capacity, file);
    fclose(file);
    return GT_STATUS_OK;
}

static int32_t sign_without_pss(void *context, int32_t algorithm, const uint8_t *digest, uint64_t digest_len,
                                uint8_t *signature, uint64_t signature_capacity, uint64_t *signature_len)
{
    OldKey *key = context;

    if (algorithm == GT_SIGNATURE_ALGORITHM_PS256) {
        key->asked_for_pss++;
        return GT_SIGNER_UNSUPPORTED;
    }
    key->signed_count++;
    return sign_by_openssl(key, digest, (size_t)digest_len, signature, (size_t)signature_capacity, signature_len);
}

/* A key that waits for its answer until long after the call has ended. */
typedef struct WaitingKey {
    const gt_cancel *cancel;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int call_has_ended;
    int is_released;
} WaitingKey;

static void set(WaitingKey *key, int *flag)
{
    pthread_mutex_lock(&key->lock);
    *flag = 1;
    pthread_cond_broadcast(&key->changed);
    pthread_mutex_unlock(&key->lock);
}

static void wait_for(WaitingKey *key, const int *flag)
{
    pthread_mutex_lock(&key->lock);
    while (!*flag) {
        pthread_cond_wait(&key->changed, &key->lock);
    }
    pthread_mutex_unlock(&key->lock);
}

static int32_t sign_after_the_call(void *context, int32_t algorithm, const uint8_t *digest, uint64_t digest_len,
                                   uint8_t *signature, uint64_t signature_capacity, uint64_t *signature_len)
{
    WaitingKey *key = context;

    (void)algorithm, (void)digest, (void)digest_len, (void)signature, (void)signature_capacity, (void)signature_len;
    /* Not EXPECT: its error object belongs to the thread of the call. */
    if (gt_cancel_signal(key->cancel) != GT_STATUS_OK) {
        return GT_STATUS_SIGNING_FAILED;
    }
    wait_for(key, &key->call_has_ended);
    return GT_STATUS_SIGNING_FAILED;
}

static void release_waiting_key(void *context)
{
    WaitingKey *key = context;

    set(key, &key->is_released);
}

/* The file of the certificate, read into `buffer`, which what is returned borrows. The engine takes no key from it. */
static GtStr certificate_of(const char *path, char *buffer, size_t capacity)
{
    FILE *file = fopen(path, "rb");
    size_t len = file == NULL ? 0 : fread(buffer, 1, capacity - 1, file);
    const char *start;

    if (file != NULL) {
        fclose(file);
    }
    buffer[len] = '\0';
    start = strstr(buffer, "-----BEGIN CERTIFICATE-----");
    return start == NULL ? none : text_of(start);
}

/* A client of the certificate with this signer; frees what is only needed to make it. */
static gt_client *client_of(char **arguments, gt_signer signer, void *context, gt_signer_release release)
{
    char buffer[16384];
    gt_certificate *certificate = NULL;
    gt_credential *credential = NULL;
    gt_client *client = NULL;

    EXPECT(GT_STATUS_OK, gt_certificate_new_with_signer(certificate_of(arguments[3], buffer, sizeof buffer), signer,
                                                        context, release, &certificate, &error));
    EXPECT(GT_STATUS_OK, gt_credential_new_certificate(certificate, &credential, &error));
    EXPECT(GT_STATUS_OK,
           gt_client_new(text_of(arguments[1]), text_of(arguments[2]), credential, NULL, &client, &error));
    gt_credential_free(credential);
    gt_certificate_free(certificate);
    return client;
}

static void a_key_without_pss(char **arguments)
{
    OldKey key = {arguments[3], arguments[4], 0, 0};
    gt_client *client = client_of(arguments, sign_without_pss, &key, NULL);
    gt_request *request = NULL;
    gt_token *token = NULL;
    gt_assertion *assertion = NULL;

    EXPECT(GT_STATUS_OK, gt_request_new_client_credentials(none, NULL, &request, &error));
    EXPECT(GT_STATUS_OK, gt_client_acquire(client, request, NULL, &token, &error));
    EXPECT(GT_STATUS_OK, gt_client_assertion(client, NULL, &assertion, &error));
    if (key.asked_for_pss != 1 || key.signed_count != 2) {
        fail(__LINE__, "the key was not asked for PSS once and for two signatures");
    }
    gt_assertion_free(assertion);
    gt_token_free(token);
    gt_request_free(request);
    gt_client_free(client);
}

static void a_key_that_waits(char **arguments)
{
    WaitingKey key = {NULL, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};
    gt_client *client = client_of(arguments, sign_after_the_call, &key, release_waiting_key);
    gt_cancel *cancel = NULL;
    gt_assertion *assertion = NULL;

    EXPECT(GT_STATUS_OK, gt_cancel_new(&cancel, &error));
    key.cancel = cancel;
    EXPECT(GT_STATUS_CANCELLED, gt_client_assertion(client, cancel, &assertion, &error));
    set(&key, &key.call_has_ended);
    gt_client_free(client);
    /* The engine lets go of the key when it has answered. */
    wait_for(&key, &key.is_released);
    gt_cancel_free(cancel);
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fputs("usage: signers TENANT CLIENT_ID CERTIFICATE_FILE DIGEST_FILE\n", stderr);
        return 2;
    }
    a_key_without_pss(argv);
    a_key_that_waits(argv);
    return failures == 0 ? 0 : 1;
}
