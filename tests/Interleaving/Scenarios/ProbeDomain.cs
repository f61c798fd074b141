using System.Runtime.CompilerServices;

namespace FastBuffers.Interleaving.Scenarios;

/// <summary>A domain that counts how often it was closed.</summary>
internal sealed class ProbeDomain(long length) : HoldDomain(length, ConflictTable.AllKinds, traced: false)
{
    /// <summary>A ghost: only checks read it.</summary>
    public int Closed { get; private set; }

    /// <summary>A field that the library keeps to itself, to name it in setup: one name whoever comes there first.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_ownTicket")]
    public static extern ref Ticket? OwnTicket(HoldDomain domain);

    internal override string Describe() => "the domain";

    internal override void OnClosed() => Closed++;
}
