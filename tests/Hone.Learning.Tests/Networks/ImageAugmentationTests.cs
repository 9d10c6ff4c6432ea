using Hone.Learning.Networks;

namespace Hone.Learning.Tests.Networks;

public sealed class ImageAugmentationTests
{
    private static readonly TensorShape Shape = new(4, 5, 2);

    [Fact]
    public void A_moved_image_has_its_pixels_at_other_places_and_repeats_its_edge()
    {
        var seen = new HashSet<(int, int)>();
        var augmentation = new ImageAugmentation<float>(Shape, Augmentation.Shift, new SeededRandom(1));
        for (var i = 0; i < 300; i++)
        {
            var image = Image();
            augmentation.Apply(image);
            var (down, right) = Enumerable.Range(-2, 5).SelectMany(_ => Enumerable.Range(-2, 5), (a, b) => (a, b))
                .Single(move => image.AsSpan().SequenceEqual(Moved(move.a, move.b, isMirrored: false)));
            seen.Add((down, right));
        }

        Assert.Equal(25, seen.Count);
    }

    [Fact]
    public void Half_of_the_images_are_mirrored_and_the_channels_of_a_pixel_stay_in_order()
    {
        var augmentation = new ImageAugmentation<float>(Shape, Augmentation.Flip, new SeededRandom(1));
        var mirrored = 0;
        for (var i = 0; i < 400; i++)
        {
            var image = Image();
            augmentation.Apply(image);
            var isMirrored = !image.AsSpan().SequenceEqual(Image());
            Assert.Equal(Moved(0, 0, isMirrored), image);
            mirrored += isMirrored ? 1 : 0;
        }

        Assert.InRange(mirrored, 160, 240);
    }

    [Fact]
    public void Only_images_can_be_augmented() => Assert.Equal(
        "Only images can be moved or mirrored, and the network's input is 784. Give it height, width and channels.",
        Assert.Throws<NetworkException>(() => new ImageAugmentation<float>(new TensorShape(784), Augmentation.Both, new SeededRandom(1))).Message);

    private static float[] Image() => [.. Enumerable.Range(0, Shape.Count).Select(i => (float)i)];

    private static float[] Moved(int down, int right, bool isMirrored) =>
    [
        .. from y in Enumerable.Range(0, 4)
           from x in Enumerable.Range(0, 5)
           from channel in Enumerable.Range(0, 2)
           let row = Math.Clamp(y - down, 0, 3)
           let column = Math.Clamp(x - right, 0, 4)
           select (float)((((row * 5) + (isMirrored ? 4 - column : column)) * 2) + channel),
    ];
}
