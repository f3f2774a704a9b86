/*
 * A certificate whose key is on a PKCS#11 token.
 *
 *   pkcs11 TENANT CLIENT_ID MODULE PIN
 *
 * TENANT names an emulator that knows the application by the certificate. The module's only token holds it with its
 * key. What happens to a token while it is in use is done to it through the module's own functions, which this program
 * finds as any program would. Ends with 1 when a call did not do what it should.
 */

#define _POSIX_C_SOURCE 200809L

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

#include "expect.h"

enum { THREADS = 8, CALLS = 20 };

/* What this program needs of PKCS#11. */
typedef unsigned long Number;
typedef struct Attribute {
    Number type;
    void *value;
    Number length;
} Attribute;

enum { USER = 1, SERIAL_SESSION = 4, READ_WRITE_SESSION = 2, CLASS = 0, PRIVATE_KEY = 3, SIGN = 0x108 };

static void *module;
static const char *pin;

static void *function(const char *name)
{
    void *found = dlsym(module, name);

    if (found == NULL) {
        fprintf(stderr, "the module has no %s\n", name);
        exit(2);
    }
    return found;
}

/* Calls a function of the module, which must say CKR_OK. */
#define TOKEN(name, parameters, ...)                                                                                   \
    do {                                                                                                               \
        Number(*call) parameters;                                                                                      \
        Number outcome;                                                                                                \
        *(void **)&call = function(#name);                                                                             \
        outcome = call(__VA_ARGS__);                                                                                   \
        if (outcome != 0) {                                                                                            \
            fprintf(stderr, "line %d: %s: 0x%lx\n", __LINE__, #name, outcome);                                         \
            failures++;                                                                                                \
        }                                                                                                              \
    } while (0)

static Number slot(void)
{
    Number slots[8];
    Number count = sizeof slots / sizeof *slots;

    TOKEN(C_GetSlotList, (unsigned char, Number *, Number *), 1, slots, &count);
    return slots[0];
}

/* What unplugging does to the sessions of every program. */
static void end_sessions(void)
{
    TOKEN(C_CloseAllSessions, (Number), slot());
}

static Number session_with(const char *user_pin)
{
    Number session = 0;

    TOKEN(C_OpenSession, (Number, Number, void *, void *, Number *), slot(), SERIAL_SESSION | READ_WRITE_SESSION, NULL,
          NULL, &session);
    TOKEN(C_Login, (Number, Number, const char *, Number), session, USER, user_pin, strlen(user_pin));
    return session;
}

/* From a state in which nobody is logged in to the same state. */
static void change_pin(const char *from, const char *to)
{
    Number session = session_with(from);

    TOKEN(C_SetPIN, (Number, const char *, Number, const char *, Number), session, from, strlen(from), to, strlen(to));
    end_sessions();
}

static void forbid_signing(void)
{
    Number class = PRIVATE_KEY;
    Number key = 0;
    Number count = 0;
    unsigned char no = 0;
    Attribute private_key = {CLASS, &class, sizeof class};
    Attribute sign = {SIGN, &no, sizeof no};
    Number session = session_with(pin);

    TOKEN(C_FindObjectsInit, (Number, Attribute *, Number), session, &private_key, 1);
    TOKEN(C_FindObjects, (Number, Number *, Number, Number *), session, &key, 1, &count);
    TOKEN(C_FindObjectsFinal, (Number), session);
    TOKEN(C_SetAttributeValue, (Number, Number, Attribute *, Number), session, key, &sign, 1);
    end_sessions();
}

static int32_t assert_once(const gt_client *client, gt_error **error_out)
{
    gt_assertion *assertion = NULL;
    int32_t status = gt_client_assertion(client, NULL, &assertion, error_out);

    gt_assertion_free(assertion);
    return status;
}

static void *work(void *client)
{
    static char failed;
    int call;

    for (call = 0; call < CALLS; call++) {
        if (assert_once(client, NULL) != GT_STATUS_OK) {
            return &failed;
        }
    }
    return NULL;
}

static void sign_on_eight_threads(gt_client *client)
{
    pthread_t threads[THREADS];
    void *failed = NULL;
    int index;

    for (index = 0; index < THREADS; index++) {
        if (pthread_create(&threads[index], NULL, work, client) != 0) {
            exit(2);
        }
    }
    for (index = 0; index < THREADS; index++) {
        pthread_join(threads[index], &failed);
        if (failed != NULL) {
            fail(__LINE__, "a thread could not sign");
        }
    }
}

static gt_client *client_of(const char *tenant, const char *client_id, const char *module_path)
{
    gt_certificate *certificate = NULL;
    gt_credential *credential = NULL;
    gt_client *client = NULL;

    EXPECT(GT_STATUS_OK, gt_certificate_new_from_pkcs11(text_of(module_path), text_of("pkcs11:type=cert"), none,
                                                        text_of(pin), &certificate, &error));
    EXPECT(GT_STATUS_OK, gt_credential_new_certificate(certificate, &credential, &error));
    gt_certificate_free(certificate);
    EXPECT(GT_STATUS_OK, gt_client_new(text_of(tenant), text_of(client_id), credential, NULL, &client, &error));
    gt_credential_free(credential);
    return client;
}

static void get_token(const gt_client *client)
{
    gt_request *request = NULL;
    gt_token *token = NULL;

    EXPECT(GT_STATUS_OK, gt_request_new_client_credentials(none, NULL, &request, &error));
    EXPECT(GT_STATUS_OK, gt_client_acquire(client, request, NULL, &token, &error));
    gt_token_free(token);
    gt_request_free(request);
}

int main(int argc, char **argv)
{
    gt_client *client;
    gt_certificate *certificate = NULL;

    if (argc != 5) {
        fputs("usage: pkcs11 TENANT CLIENT_ID MODULE PIN\n", stderr);
        return 2;
    }
    module = dlopen(argv[3], RTLD_NOW);
    pin = argv[4];
    client = client_of(argv[1], argv[2], argv[3]);
    get_token(client);
    sign_on_eight_threads(client);

    end_sessions();
    EXPECT(GT_STATUS_OK, assert_once(client, &error));
    TOKEN(C_Finalize, (void *), NULL);
    EXPECT(GT_STATUS_OK, assert_once(client, &error));

    /* A PIN that was refused is not tried again, even when it has become right meanwhile. */
    end_sessions();
    change_pin(pin, "another");
    EXPECT(GT_STATUS_CERTIFICATE_PASSWORD_INCORRECT, assert_once(client, &error));
    change_pin("another", pin);
    EXPECT(GT_STATUS_CERTIFICATE_PASSWORD_INCORRECT, assert_once(client, &error));
    gt_client_free(client);
    client = client_of(argv[1], argv[2], argv[3]);
    EXPECT(GT_STATUS_OK, assert_once(client, &error));
    gt_client_free(client);

    end_sessions();
    forbid_signing();
    EXPECT(GT_STATUS_PRIVATE_KEY_INACCESSIBLE,
           gt_certificate_new_from_pkcs11(text_of(argv[3]), none, none, text_of(pin), &certificate, &error));
    return failures == 0 ? 0 : 1;
}
