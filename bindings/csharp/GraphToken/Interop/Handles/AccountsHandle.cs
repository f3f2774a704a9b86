using System;
using System.Collections.Generic;

namespace GraphToken;

/// <summary>A <c>gt_accounts</c>.</summary>
internal sealed class AccountsHandle : NativeHandle
{
    /// <param name="client">The native client.</param>
    internal AccountsHandle(IntPtr client)
        : base((ref IntPtr accounts, ref IntPtr error) => Native.gt_client_accounts(client, ref accounts, ref error))
    {
    }

    /// <summary>A native function that reads a text of the account at an index.</summary>
    private delegate int TextGetter(IntPtr handle, ulong index, out GtStr text);

    internal IReadOnlyList<Account> Accounts()
    {
        using HandleUse use = Use();
        var accounts = new List<Account>();
        ulong count = Read<ulong>(Native.gt_accounts_count);
        for (ulong index = 0; index < count; index++)
        {
            accounts.Add(new Account(
                TextAt(use, index, Native.gt_accounts_username),
                TextAt(use, index, Native.gt_accounts_home_account_id),
                TextAt(use, index, Native.gt_accounts_local_account_id),
                TextAt(use, index, Native.gt_accounts_name),
                TextAt(use, index, Native.gt_accounts_tenant),
                TextAt(use, index, Native.gt_accounts_environment),
                TextAt(use, index, Native.gt_accounts_authority_type)));
        }
        return accounts;
    }

    private protected override void Free(IntPtr handle) => Native.gt_accounts_free(handle);

    private static string TextAt(HandleUse use, ulong index, TextGetter getter)
    {
        NativeError.ThrowIfFailed(getter(use.Pointer, index, out GtStr text), IntPtr.Zero);
        return Utf8Text.Read(text);
    }
}
