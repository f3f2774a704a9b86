namespace GraphToken.Tests;

/// <summary>Tests that change the environment of the process, and therefore run alone.</summary>
[CollectionDefinition(nameof(EnvironmentCollection), DisableParallelization = true)]
public sealed class EnvironmentCollection;
