# The target GraphToken::GraphToken: the shared library and its header.
if(NOT TARGET GraphToken::GraphToken)
  get_filename_component(_graphtoken_lib "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
  get_filename_component(_graphtoken_prefix "${CMAKE_CURRENT_LIST_DIR}/@TO_PREFIX@" ABSOLUTE)
  add_library(GraphToken::GraphToken SHARED IMPORTED)
  set_target_properties(GraphToken::GraphToken PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${_graphtoken_prefix}/include")
  if(WIN32)
    set_target_properties(GraphToken::GraphToken PROPERTIES
      IMPORTED_LOCATION "${_graphtoken_prefix}/bin/graphtoken.dll"
      IMPORTED_IMPLIB "${_graphtoken_lib}/libgraphtoken.dll.a")
  elseif(APPLE)
    set_target_properties(GraphToken::GraphToken PROPERTIES
      IMPORTED_LOCATION "${_graphtoken_lib}/libgraphtoken.dylib")
  else()
    set_target_properties(GraphToken::GraphToken PROPERTIES
      IMPORTED_LOCATION "${_graphtoken_lib}/@SONAME@"
      IMPORTED_SONAME "@SONAME@")
  endif()
  unset(_graphtoken_lib)
  unset(_graphtoken_prefix)
endif()
