namespace Temporalio.Client.Interceptors;

/// <summary>Puts itself around the calls of a client.</summary>
public interface IClientInterceptor
{
    /// <summary>The interceptor to call first; by default the next one itself.</summary>
    ClientOutboundInterceptor InterceptClient(ClientOutboundInterceptor nextInterceptor) => nextInterceptor;
}
