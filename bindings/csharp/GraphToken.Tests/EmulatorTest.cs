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
}
