/*
 * Eight threads use one client, one request and one cancel handle at once.
 *
 *   threads TENANT CLIENT_ID CERTIFICATE_FILE
 *
 * TENANT names an emulator that knows the application by the certificate. Ends with 1 when a call of any thread
 * failed.
 */

#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "graphtoken.h"

enum { THREADS = 8, CALLS = 100 };

/* What the threads share. */
typedef struct Shared {
    const gt_client *client;
    const gt_request *request;
    const gt_cancel *cancel;
} Shared;

typedef struct Worker {
    const Shared *shared;
    pthread_t thread;
    int failures;
} Worker;

static GtStr text_of(const char *text)
{
    GtStr view;
    view.data = (const uint8_t *)text;
    view.len = strlen(text);
    return view;
}

static int get_one(const Shared *shared, const gt_cancel *cancel)
{
    gt_token *token = NULL;
    gt_error *error = NULL;
    GtStr text = {NULL, 0};
    int32_t status = gt_client_acquire(shared->client, shared->request, cancel, &token, &error);

    if (status == GT_STATUS_OK) {
        status = gt_token_access_token(token, &text);
    }
    if (status != GT_STATUS_OK || text.len == 0) {
        fprintf(stderr, "status %" PRId32 ", %" PRIu64 " bytes\n", status, text.len);
    }
    gt_error_free(error);
    gt_token_free(token);
    return text.len > 0;
}

static void *work(void *context)
{
    Worker *worker = context;
    int call;

    for (call = 0; call < CALLS; call++) {
        if (!get_one(worker->shared, call % 2 == 0 ? NULL : worker->shared->cancel)) {
            worker->failures++;
        }
    }
    return NULL;
}

static int run(const Shared *shared)
{
    Worker workers[THREADS];
    int failures = 0;
    int started = 0;

    memset(workers, 0, sizeof workers);
    for (; started < THREADS; started++) {
        workers[started].shared = shared;
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) != 0) {
            fputs("a thread could not be started\n", stderr);
            failures++;
            break;
        }
    }
    while (started-- > 0) {
        pthread_join(workers[started].thread, NULL);
        failures += workers[started].failures;
    }
    return failures;
}

int main(int argc, char **argv)
{
    const GtStr none = {NULL, 0};
    gt_certificate *certificate = NULL;
    gt_credential *credential = NULL;
    gt_client *client = NULL;
    gt_request *request = NULL;
    gt_cancel *cancel = NULL;
    int failures = 1;

    if (argc != 4) {
        fputs("usage: threads TENANT CLIENT_ID CERTIFICATE_FILE\n", stderr);
        return 2;
    }
    if (gt_certificate_new_from_file(text_of(argv[3]), none, none, &certificate, NULL) == GT_STATUS_OK
        && gt_credential_new_certificate(certificate, &credential, NULL) == GT_STATUS_OK
        && gt_client_new(text_of(argv[1]), text_of(argv[2]), credential, NULL, &client, NULL) == GT_STATUS_OK
        && gt_request_new_client_credentials(none, NULL, &request, NULL) == GT_STATUS_OK
        && gt_cancel_new(&cancel, NULL) == GT_STATUS_OK) {
        const Shared shared = {client, request, cancel};
        failures = run(&shared);
    }
    gt_cancel_free(cancel);
    gt_request_free(request);
    gt_client_free(client);
    gt_credential_free(credential);
    gt_certificate_free(certificate);
    return failures == 0 ? 0 : 1;
}
