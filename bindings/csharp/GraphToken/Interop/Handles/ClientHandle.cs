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

    /// <summary>The client of a source that needs no application.</summary>
    internal static ClientHandle Of(ClientSource source, OptionsHandle options)
    {
        using HandleUse settings = options.Use();
        using Utf8Text tool = Utf8Text.Of(source == ClientSource.AzureCli ? "az" : "azd", "name");
        IntPtr settingsPointer = settings.Pointer;
        return new((ref IntPtr client, ref IntPtr error) => source switch
        {
            ClientSource.ManagedIdentity =>
                Native.gt_client_new_managed_identity(settingsPointer, ref client, ref error),
            ClientSource.Environment => Native.gt_client_new_environment(settingsPointer, ref client, ref error),
            ClientSource.Chain => Native.gt_client_new_chain(settingsPointer, ref client, ref error),
            _ => Native.gt_client_new_developer_tool(tool.Borrow(), settingsPointer, ref client, ref error),
        });
    }

    private protected override void Free(IntPtr handle) => Native.gt_client_free(handle);
}
