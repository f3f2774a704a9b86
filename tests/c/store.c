/*
 * A certificate of the system's store gets a token: found by its subject, and again by its thumbprint.
 *
 *   store TENANT CLIENT_ID SUBJECT
 *
 * TENANT names an emulator that knows the application by that certificate, which is the only one of the store. Ends with
 * 1 when something is not as it should be.
 */

#include "expect.h"
#include "graphtoken.h"

static void get_token(const char *tenant, const char *client_id, const gt_certificate *certificate)
{
    gt_credential *credential = NULL;
    gt_client *client = NULL;
    gt_request *request = NULL;
    gt_token *token = NULL;

    EXPECT(GT_STATUS_OK, gt_credential_new_certificate(certificate, &credential, &error));
    EXPECT(GT_STATUS_OK, gt_client_new(text_of(tenant), text_of(client_id), credential, NULL, &client, &error));
    EXPECT(GT_STATUS_OK, gt_request_new_client_credentials(none, NULL, &request, &error));
    EXPECT(GT_STATUS_OK, gt_client_acquire(client, request, NULL, &token, &error));
    gt_token_free(token);
    gt_request_free(request);
    gt_client_free(client);
    gt_credential_free(credential);
}

int main(int argc, char **argv)
{
    gt_certificate *by_subject = NULL;
    gt_certificate *by_thumbprint = NULL;
    gt_certificate *absent = NULL;
    GtStr thumbprint = none;

    if (argc != 4) {
        fputs("usage: store TENANT CLIENT_ID SUBJECT\n", stderr);
        return 2;
    }
    EXPECT(GT_STATUS_OK, gt_certificate_new_from_store(none, text_of(argv[3]), &by_subject, &error));
    EXPECT(GT_STATUS_OK, gt_certificate_thumbprint_sha256(by_subject, &thumbprint));
    EXPECT(GT_STATUS_OK, gt_certificate_new_from_store(thumbprint, none, &by_thumbprint, &error));
    get_token(argv[1], argv[2], by_thumbprint);
    EXPECT(GT_STATUS_CERTIFICATE_NOT_FOUND,
           gt_certificate_new_from_store(none, text_of("nobody"), &absent, &error));
    gt_certificate_free(by_thumbprint);
    gt_certificate_free(by_subject);
    return failures == 0 ? 0 : 1;
}
