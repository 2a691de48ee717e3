using System.Globalization;
using Delivery.Cli.Sink;

namespace Delivery.Cli.Demo;

/// <summary>Delivered messages as files that a mail program opens.</summary>
internal static class MessageFiles
{
    /// <summary>Writes NUMBER.eml for each message, numbered in the order of arrival.</summary>
    /// <exception cref="LaunchException">The folder cannot be written.</exception>
    public static async Task WriteAsync(string folder, IReadOnlyList<CapturedMessage> messages, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var message in messages)
                await File.WriteAllBytesAsync(Path.Combine(folder, message.Number.ToString("D6", CultureInfo.InvariantCulture) + ".eml"), message.Raw, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LaunchException($"--messages {folder} cannot be written: {e.Message}");
        }
    }
}
