// From a certificate and a password to a token. Prints the token alone on standard output.
//
//   GetToken TENANT CLIENT_ID CERTIFICATE_FILE USER_NAME PASSWORD_FILE SCOPE

using GraphToken;

if (args.Length != 6)
{
    Console.Error.WriteLine("usage: GetToken TENANT CLIENT_ID CERTIFICATE_FILE USER_NAME PASSWORD_FILE SCOPE");
    return 2;
}

try
{
    using ClientCertificate certificate = ClientCertificate.FromFile(args[2]);
    if (certificate.Warning is { } warning)
    {
        Console.Error.WriteLine($"warning: {warning}");
    }

    using TokenClient client = TokenClient.Builder(args[0], args[1]).WithCertificate(certificate).Build();
    // The request takes the characters and overwrites the array. Without a user: TokenRequest.ForClient().
    char[] password = File.ReadAllText(args[4]).TrimEnd('\r', '\n').ToCharArray();
    using TokenRequest request = TokenRequest.ForPassword(args[3], password, args[5]);
    using AccessToken token = client.Acquire(request);
    Console.WriteLine(token.GetPlainText());
    return 0;
}
catch (GraphTokenException error)
{
    Console.Error.WriteLine($"error: {error.Message} ({error.Kind})");
    Console.Error.WriteLine($"hint: {error.Hint}");
    return 1;
}
