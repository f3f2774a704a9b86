using System;

namespace GraphToken;

/// <summary>A <c>gt_client</c>.</summary>
internal sealed class ClientHandle : NativeHandle
{
    private ClientHandle(NativeConstructor constructor)
        : base(constructor)
    {
    }

    internal static ClientHandle Of(
        Utf8Text tenant, Utf8Text clientId, CredentialHandle? credential, OptionsHandle options)
    {
        using HandleUse lent = new(credential);
        using HandleUse settings = options.Use();
        IntPtr credentialPointer = lent.Pointer;
        IntPtr settingsPointer = settings.Pointer;
        return new((ref IntPtr client, ref IntPtr error) => Native.gt_client_new(
            tenant.Borrow(), clientId.Borrow(), credentialPointer, settingsPointer, ref client, ref error));
    }

    internal static ClientHandle OfManagedIdentity(OptionsHandle options)
    {
        using HandleUse settings = options.Use();
        IntPtr settingsPointer = settings.Pointer;
        return new((ref IntPtr client, ref IntPtr error) =>
            Native.gt_client_new_managed_identity(settingsPointer, ref client, ref error));
    }

    private protected override void Free(IntPtr handle) => Native.gt_client_free(handle);
}
