namespace FastBuffers.Interleaving.Engine;

/// <summary>
/// Room for <see cref="Capacity"/> references in one stack frame. A heap object cannot hold a <c>ref</c>, and an inline array cannot hold
/// ref structs, so the block is spelled out by nesting. All fields have one type, so whatever order the runtime picks they are contiguous.
/// </summary>
internal ref struct LocationSlots
{
    public const int Capacity = 256;

#pragma warning disable CS0169, CA1823, IDE0051 // Reached by pointer arithmetic from the first one.
    public Of64 First;
    private Of64 _second;
    private Of64 _third;
    private Of64 _fourth;

    public ref struct Of4
    {
        public LocationSlot First;
        private LocationSlot _second;
        private LocationSlot _third;
        private LocationSlot _fourth;
    }

    public ref struct Of16
    {
        public Of4 First;
        private Of4 _second;
        private Of4 _third;
        private Of4 _fourth;
    }

    public ref struct Of64
    {
        public Of16 First;
        private Of16 _second;
        private Of16 _third;
        private Of16 _fourth;
    }
#pragma warning restore CS0169, CA1823, IDE0051
}
