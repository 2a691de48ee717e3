using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Delivery.Contracts.Settings;

/// <summary>Binds a section so that a typo, a value out of range and a missing value each stop the start with a message that names the setting.</summary>
public static class StrictOptions
{
    /// <summary>Binds <paramref name="section"/> to <typeparamref name="T"/>, refuses unknown keys, checks annotations, validates at start.</summary>
    public static OptionsBuilder<T> AddStrict<T>(this IServiceCollection services, string section)
        where T : class =>
        services.AddOptions<T>()
            .BindConfiguration(section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
}
