// Prints the version of the native library, and gets a token by a client secret if it is told where.
//
//   Console [AUTHORITY_AND_TENANT CLIENT_ID SECRET]

using System;
using GraphToken;

try
{
    Console.WriteLine($"native {GraphTokenLibrary.NativeVersion}");
    if (args.Length == 3)
    {
        using ClientCredential credential = ClientCredential.FromSecret(args[2].ToCharArray());
        using TokenClient client = TokenClient.Builder(args[0], args[1]).WithCredential(credential).Build();
        using TokenRequest request = TokenRequest.ForClient("https://graph.microsoft.com/.default");
        using AccessToken token = client.AcquireAsync(request).GetAwaiter().GetResult();
        Console.WriteLine($"token of {token.GetPlainText().Length} characters");
    }
    return 0;
}
catch (GraphTokenException error)
{
    Console.Error.WriteLine($"error: {error.Message} ({error.Kind})");
    return 1;
}
