using System.Numerics;

namespace Hone.Learning.Networks;

/// <summary>What is done to images by chance, every time that they are learned from.</summary>
[Flags]
public enum Augmentation
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>They are moved by up to two pixels up or down, and left or right; what comes in at an edge repeats it.</summary>
    Shift = 1,

    /// <summary>Half of them are mirrored, left to right.</summary>
    Flip = 2,

    /// <summary>Both.</summary>
    Both = Shift | Flip,
}

/// <summary>Moves and mirrors images by chance. Not thread-safe.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ImageAugmentation<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MostPixels = 2;

    private readonly int _height;
    private readonly int _width;
    private readonly int _channels;
    private readonly Augmentation _kinds;
    private readonly Random _random;
    private readonly T[] _image;

    /// <param name="shape">Of an image: height, width and channels.</param>
    /// <param name="kinds">What is done.</param>
    /// <param name="random">Draws it.</param>
    /// <exception cref="NetworkException">The shape is no image's.</exception>
    public ImageAugmentation(TensorShape shape, Augmentation kinds, Random random)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(random);
        Check(shape);
        (_height, _width, _channels) = (shape.Sizes[0], shape.Sizes[1], shape.Sizes[2]);
        _kinds = kinds;
        _random = random;
        _image = new T[shape.Count];
    }

    /// <exception cref="NetworkException">The shape is no image's.</exception>
    internal static void Check(TensorShape shape)
    {
        if (shape.Sizes.Count != 3)
        {
            throw new NetworkException($"Only images can be moved or mirrored, and the network's input is {shape}. Give it height, width and channels.");
        }
    }

    // Called once for each example of each step.
    /// <summary>Puts another image in the place of one.</summary>
    /// <param name="image">Pixel by pixel, row by row, the channels of a pixel side by side.</param>
    public void Apply(Span<T> image)
    {
        var isMoved = _kinds.HasFlag(Augmentation.Shift);
        var down = isMoved ? _random.Next(-MostPixels, MostPixels + 1) : 0;
        var right = isMoved ? _random.Next(-MostPixels, MostPixels + 1) : 0;
        var isMirrored = _kinds.HasFlag(Augmentation.Flip) && _random.Next(2) == 1;
        if (down == 0 && right == 0 && !isMirrored)
        {
            return;
        }

        image.CopyTo(_image);
        for (var y = 0; y < _height; y++)
        {
            var from = _image.AsSpan(Math.Clamp(y - down, 0, _height - 1) * _width * _channels, _width * _channels);
            var to = image.Slice(y * _width * _channels, _width * _channels);
            for (var x = 0; x < _width; x++)
            {
                var source = Math.Clamp(x - right, 0, _width - 1);
                source = isMirrored ? _width - 1 - source : source;
                from.Slice(source * _channels, _channels).CopyTo(to.Slice(x * _channels, _channels));
            }
        }
    }
}
