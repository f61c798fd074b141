namespace FastBuffers.Tests.Pooling.Model;

/// <summary>A rental in the model: the holds on it, its bytes, and the block that it is charged for.</summary>
internal sealed class ModelRental(int length, long block, bool clears)
{
    /// <summary>The holds; retired when the rental has ended.</summary>
    internal HoldModel Holds { get; } = new(length);

    /// <summary>What its bytes must be.</summary>
    internal byte[] Bytes { get; set; } = new byte[length];

    /// <summary>The bytes of its block.</summary>
    internal long Block { get; set; } = block;

    /// <summary>Whether it has a block: a rental of nothing has none, whatever it is resized to.</summary>
    internal bool IsPooled { get; } = block != 0;

    /// <summary>Whether its bytes are cleared when it ends.</summary>
    internal bool Clears => clears;

    /// <summary>Where its first byte is.</summary>
    internal nint Address { get; set; }

    /// <summary>The most bytes that it had in this block.</summary>
    internal int Extent { get; set; } = length;

    /// <summary>Whether its holder has written there.</summary>
    internal bool IsWritten { get; set; }

    /// <summary>The region, once somebody has seen it.</summary>
    internal Region? Region { get; set; }

    internal bool HasEnded => Holds.IsClosed;

    /// <summary>Whether both have a byte of the same block.</summary>
    internal bool Overlaps(ModelRental other) => Address < other.Address + (nint)other.Block && other.Address < Address + (nint)Block;
}
