using System.Collections;
using System.Management.Automation;
using System.Reflection;
using System.Security;
using System.Text;
using System.Text.Json;

namespace GraphToken.PowerShell.Tests;

/// <summary>A test with a session of its own and the stage that all tests share.</summary>
public abstract class EngineTest(Stage stage) : IDisposable
{
    private protected Stage Stage { get; } = stage;

    private protected Session Session { get; } = new();

    private protected Outcome Run(string script, object? variables = null) => Session.Run(script, variables);

    /// <summary>For splatting: the emulator's tenant and the confidential application.</summary>
    private protected static Hashtable App(Emulator emulator) => Who(emulator.TenantUrl, Emulator.ClientId);

    /// <summary>
    /// For splatting: the public application, and the scope with which it gets tokens for the confidential one.
    /// </summary>
    private protected static Hashtable Caller(Emulator emulator)
    {
        Hashtable caller = Who(emulator.TenantUrl, Emulator.PublicClientId);
        caller["Scopes"] = $"api://{Emulator.ClientId}/access_as_user";
        return caller;
    }

    private protected static Hashtable Who(string tenantUrl, string clientId) =>
        new() { ["TenantId"] = tenantUrl, ["ClientId"] = clientId };

    private protected static PSCredential User => Login(Emulator.User, Emulator.Password);

    private protected static PSCredential Login(string name, string password) => new(name, Secret.Of(password));

    private protected static string TextOf(object? secret) => Secret.Reveal((SecureString)secret!);

    /// <summary>The claims of a token that the emulator has issued.</summary>
    private protected static JsonElement ClaimsOf(string token) => PartOf(token, 1);

    private protected static JsonElement HeaderOf(string token) => PartOf(token, 0);

    /// <summary>An assembly of the imported module.</summary>
    private protected static Assembly Loaded(string name) =>
        AppDomain.CurrentDomain.GetAssemblies().Single(assembly => assembly.GetName().Name == name);

    private static JsonElement PartOf(string token, int index)
    {
        string part = token.Split('.')[index].Replace('-', '+').Replace('_', '/');
        byte[] json = Convert.FromBase64String(part.PadRight((part.Length + 3) / 4 * 4, '='));
        using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(json));
        return document.RootElement.Clone();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Session.Dispose();
        GC.SuppressFinalize(this);
    }
}
