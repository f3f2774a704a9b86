namespace GraphToken.Tests;

/// <summary>
/// Tests that change what the whole process has (its environment, its tokens), and therefore run alone.
/// </summary>
[CollectionDefinition(nameof(EnvironmentCollection), DisableParallelization = true)]
public sealed class EnvironmentCollection;
