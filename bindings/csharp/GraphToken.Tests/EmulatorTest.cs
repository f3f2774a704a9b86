using System.Text.Json;

namespace GraphToken.Tests;

/// <summary>
/// A test against the emulator of its class, which has forgotten the tests before: their order is anybody's.
/// </summary>
public abstract class EmulatorTest : IClassFixture<Emulator>
{
    private protected EmulatorTest(Emulator emulator)
    {
        emulator.Forget();
        Emulator = emulator;
    }

    private protected Emulator Emulator { get; }

    /// <summary>The claims of a token that the emulator has issued.</summary>
    private protected static JsonElement Claims(AccessToken token) =>
        JsonElement.Parse(JsonWebToken.Decode(token.GetPlainText()).ClaimsJson);
}
