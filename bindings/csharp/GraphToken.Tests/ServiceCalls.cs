namespace GraphToken.Tests;

/// <summary>Calls that the service refuses.</summary>
internal static class ServiceCalls
{
    private static readonly (GraphTokenErrorKind Kind, string Fault)[] Faults =
    [
        (GraphTokenErrorKind.ServiceRejected, "error=AADSTS700016"),
        (GraphTokenErrorKind.ClientCredentialRejected, "error=AADSTS7000215"),
        (GraphTokenErrorKind.UserCredentialRejected, "error=AADSTS50126"),
        (GraphTokenErrorKind.InteractionRequired, "error=AADSTS50076,suberror=basic_action,claims=present"),
        (GraphTokenErrorKind.Throttled, "status=429"),
        (GraphTokenErrorKind.Throttled, "status=429,body=echo"),
        (GraphTokenErrorKind.ServiceUnavailable, "status=503"),
        (GraphTokenErrorKind.ServiceUnavailable, "status=503,body=echo"),
        (GraphTokenErrorKind.MalformedResponse, "body=echo"),
        (GraphTokenErrorKind.MalformedResponse, "status=400,body=echo"),
        (GraphTokenErrorKind.MalformedResponse, "redirect=https://example.invalid/"),
    ];

    private static readonly (GraphTokenErrorKind Kind, string Status, string Error, int Code)[] Refusals =
    [
        (GraphTokenErrorKind.ServiceRejected, "400 Bad Request", "unauthorized_client", 700016),
        (GraphTokenErrorKind.ClientCredentialRejected, "401 Unauthorized", "invalid_client", 7000215),
        (GraphTokenErrorKind.UserCredentialRejected, "400 Bad Request", "invalid_grant", 50126),
        (GraphTokenErrorKind.InteractionRequired, "400 Bad Request", "interaction_required", 50076),
        (GraphTokenErrorKind.Throttled, "429 Too Many Requests", "temporarily_unavailable", 90055),
        (GraphTokenErrorKind.ServiceUnavailable, "503 Service Unavailable", "temporarily_unavailable", 90033),
    ];

    internal static IEnumerable<FailingCall> All(Emulator emulator) =>
    [
        .. Faults.SelectMany(fault => MarkedCalls.WithEachProof(fault.Kind, fault.Fault, () =>
        {
            emulator.Fault(fault.Fault + ",times=all");
            return emulator.Application().Marked();
        })),
        .. from refusal in Refusals
           from form in Echo.Forms.Keys
           from call in MarkedCalls.Answered(
               refusal.Kind,
               $"{refusal.Error} with the secrets {form}",
               request => Echo.Refusal(request, refusal.Status, refusal.Error, refusal.Code, form))
           select call,
        .. from form in Echo.Forms.Keys
           from call in MarkedCalls.Answered(
               GraphTokenErrorKind.MalformedResponse,
               $"a page with the secrets {form}",
               request => Echo.Page(request, "200 OK", form))
           select call,
    ];
}
