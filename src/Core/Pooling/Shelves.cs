using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>A shelf for each size class whose blocks a thread keeps for itself, without an array between the cache and them.</summary>
[InlineArray(SizeClasses.ThreadCount)]
internal struct Shelves
{
    private Shelf _first;
}
