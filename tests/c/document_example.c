/*
 * An example of a document gets a token: its lines are the file example.h, as they are written there.
 *
 *   document_example TENANT CLIENT_ID CERTIFICATE_FILE
 *
 * Ends with 1 when the last call of the example fails, or when there is no token.
 */

#include "expect.h"
#include "graphtoken.h"

int main(int argc, char **argv)
{
    gt_certificate *certificate = NULL;
    gt_credential *credential = NULL;
    gt_client *client = NULL;
    gt_request *request = NULL;
    gt_token *token = NULL;
    GtStr tenant, client_id, path;

    if (argc != 4) {
        fputs("usage: document_example TENANT CLIENT_ID CERTIFICATE_FILE\n", stderr);
        return 2;
    }
    tenant = text_of(argv[1]);
    client_id = text_of(argv[2]);
    path = text_of(argv[3]);

#include "example.h"

    if (error != NULL) {
        EXPECT(GT_STATUS_OK, gt_error_status(error));
    }
    if (token == NULL) {
        fail(__LINE__, "there is no token");
    }
    gt_token_free(token);
    gt_request_free(request);
    gt_client_free(client);
    gt_credential_free(credential);
    gt_certificate_free(certificate);
    return failures == 0 ? 0 : 1;
}
