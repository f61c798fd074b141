namespace FastBuffers.Bench.Gate;

/// <summary>How long to look: the number of interleaved rounds, and how long one sample of one side lasts.</summary>
internal readonly record struct Sampling(int Rounds, TimeSpan Sample)
{
    /// <summary>Fewer rounds and the quartiles say nothing.</summary>
    public const int MinRounds = 9;

    public const int MaxRounds = 999;

    public static Sampling Full { get; } = new(15, TimeSpan.FromMilliseconds(75));

    public static Sampling Smoke { get; } = new(MinRounds, TimeSpan.FromMilliseconds(15));
}
