namespace FastBuffers.Tests.Model;

/// <summary>What a program runs on: over native memory that can be resized, over foreign memory whose freeing is seen, or traced.</summary>
public enum RegionForm
{
    Native,
    Foreign,
    Traced,
}

/// <summary>Two regions of some lengths, and a program on them.</summary>
public sealed record RegionCase(RegionForm Form, int First, int Second, RegionStep[] Steps);
