namespace FastBuffers.Interleaving.Engine;

/// <summary>One managed reference on the explorer's stack; the garbage collector keeps it right when the object moves.</summary>
internal ref struct LocationSlot
{
    public ref byte Target;
}
