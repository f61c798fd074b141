namespace FastBuffers.Interleaving.Scenarios;

/// <summary>A domain that counts how often it was closed.</summary>
internal sealed class ProbeDomain() : HoldDomain(4096, HoldErrors.AllKinds, traced: false)
{
    /// <summary>A ghost: only checks read it.</summary>
    public int Closed { get; private set; }

    internal override string Describe() => "the domain";

    internal override void OnClosed() => Closed++;
}
