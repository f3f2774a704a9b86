using System;

namespace GraphToken;

/// <summary>A <c>gt_credential</c>.</summary>
internal sealed class CredentialHandle : NativeHandle
{
    private CredentialHandle(NativeConstructor constructor)
        : base(constructor)
    {
    }

    internal static CredentialHandle OfCertificate(CertificateHandle certificate)
    {
        using HandleUse use = certificate.Use();
        IntPtr pointer = use.Pointer;
        return new((ref IntPtr credential, ref IntPtr error) =>
            Native.gt_credential_new_certificate(pointer, ref credential, ref error));
    }

    internal static CredentialHandle OfSecret(Utf8Text secret) =>
        new((ref IntPtr credential, ref IntPtr error) =>
            Native.gt_credential_new_secret(secret.Borrow(), ref credential, ref error));

    internal static CredentialHandle OfAssertion(Utf8Text assertion) =>
        new((ref IntPtr credential, ref IntPtr error) =>
            Native.gt_credential_new_assertion(assertion.Borrow(), ref credential, ref error));

    internal static CredentialHandle OfFederatedTokenFile(Utf8Text path) =>
        new((ref IntPtr credential, ref IntPtr error) =>
            Native.gt_credential_new_federated_token_file(path.Borrow(), ref credential, ref error));

    internal static CredentialHandle OfGitHubActions(OptionsHandle options)
    {
        using HandleUse use = options.Use();
        IntPtr pointer = use.Pointer;
        return new((ref IntPtr credential, ref IntPtr error) =>
            Native.gt_credential_new_github_actions(pointer, ref credential, ref error));
    }

    internal static CredentialHandle OfAzurePipelines(Utf8Text serviceConnectionId, OptionsHandle options)
    {
        using HandleUse use = options.Use();
        IntPtr pointer = use.Pointer;
        return new((ref IntPtr credential, ref IntPtr error) => Native.gt_credential_new_azure_pipelines(
            serviceConnectionId.Borrow(), pointer, ref credential, ref error));
    }

    internal static CredentialHandle OfCallback(ExternalAssertion assertion) =>
        new((ref IntPtr credential, ref IntPtr error) => Native.gt_credential_new_with_assertion(
            ExternalAssertion.Provide, assertion.Lend(), ExternalAssertion.Release, ref credential, ref error));

    private protected override void Free(IntPtr handle) => Native.gt_credential_free(handle);
}
